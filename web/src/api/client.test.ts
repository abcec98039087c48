import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem, fetchCatalogue, search } from "./client";
import { held } from "./held";

const problem = { detail: "this server answers one reader 30 times a second", hint: "ask again in 1 s" };

function refused(headers: Record<string, string>) {
  return new Response(JSON.stringify(problem), { status: 429, headers });
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a question that came too soon is asked again after the time that the server says", async () => {
  const ask = vi.fn().mockResolvedValueOnce(refused({ "retry-after": "1" })).mockResolvedValue(new Response("{}"));
  vi.stubGlobal("fetch", ask);
  const answer = fetchCatalogue();
  await vi.advanceTimersByTimeAsync(900);
  expect([ask.mock.calls.length, held.value]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answer).toEqual({});
  expect([ask.mock.calls.length, held.value]).toEqual([2, 0]);
});

test("a server that goes on refusing is believed, and one that says no time at once", async () => {
  const ask = vi.fn().mockImplementation(async () => refused({ "retry-after": "1" }));
  vi.stubGlobal("fetch", ask);
  const outcome = fetchCatalogue().catch((cause: unknown) => cause);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await outcome).toMatchObject({ message: problem.detail, hint: problem.hint, status: 429 });
  expect(ask.mock.calls.length).toBe(5);
  ask.mockClear();
  ask.mockImplementation(async () => refused({}));
  await expect(fetchCatalogue()).rejects.toBeInstanceOf(Problem);
  expect(ask.mock.calls.length).toBe(1);
});

test("a question that nobody waits for any more is not asked again", async () => {
  const ask = vi.fn().mockImplementation(async () => refused({ "retry-after": "1" }));
  vi.stubGlobal("fetch", ask);
  const abort = new AbortController();
  const outcome = search("jaws", 5, abort.signal).catch(() => "aborted");
  await vi.advanceTimersByTimeAsync(100);
  abort.abort();
  expect(await outcome).toBe("aborted");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([ask.mock.calls.length, held.value]).toEqual([1, 0]);
});

test("a session that is over shows the way in", async () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response("{}", { status: 401 })));
  void fetchCatalogue();
  await vi.advanceTimersByTimeAsync(0);
  expect(reload).toHaveBeenCalledOnce();
});
