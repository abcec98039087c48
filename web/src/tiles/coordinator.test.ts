import { afterEach, beforeEach, expect, test, vi } from "vitest";

interface Call {
  url: string;
  signal: AbortSignal;
  answer: (buildId: string) => void;
}

let calls: Call[];

beforeEach(() => {
  calls = [];
  vi.resetModules();
  vi.stubGlobal("fetch", (url: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((resolve, reject) => {
      const answer = (build_id: string) => resolve(new Response(JSON.stringify({ build_id })));
      calls.push({ url, signal, answer });
      signal.addEventListener("abort", () => reject(new DOMException("gone", "AbortError")));
    });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("two tiles that want the same are served by one request, and later ones from memory", async () => {
  const { ask } = await import("./coordinator");
  const [first, second] = [ask("/a"), ask("/a")];
  calls[0]?.answer("1");
  expect(await first.answer).toEqual({ build_id: "1" });
  expect(await second.answer).toEqual({ build_id: "1" });
  await ask("/a").answer;
  expect(calls.length).toBe(1);
});

test("a request ends when the last tile that waits for it goes", async () => {
  const { ask } = await import("./coordinator");
  const [first, second] = [ask("/a"), ask("/a")];
  first.answer.catch(() => undefined);
  first.release();
  expect(calls[0]?.signal.aborted).toBe(false);
  second.release();
  expect(calls[0]?.signal.aborted).toBe(true);
  ask("/a");
  expect(calls.length).toBe(2);
});

test("an answer of a newer build makes everybody ask again", async () => {
  const { ask, generation } = await import("./coordinator");
  const old = ask("/a");
  calls[0]?.answer("1");
  await old.answer;
  expect(generation.value).toBe(0);
  const fresh = ask("/b");
  calls[1]?.answer("2");
  await fresh.answer;
  expect(generation.value).toBe(1);
  ask("/b");
  expect(calls.length).toBe(2);
  ask("/a");
  expect(calls.length).toBe(3);
});

test("news of a build makes everybody ask again at once", async () => {
  const { ask, generation, renew, shownBuild } = await import("./coordinator");
  // A page may hold nothing but a view, of which the coordinator knows no build.
  renew("1");
  expect(generation.value).toBe(1);
  const asked = ask("/a");
  calls[0]?.answer("1");
  await asked.answer;
  renew("1");
  expect(generation.value).toBe(1);
  renew("2");
  expect(generation.value).toBe(2);
  expect(shownBuild()).toBe("2");
  ask("/a");
  expect(calls.length).toBe(2);
});

test("a failure is not remembered", async () => {
  vi.stubGlobal("fetch", () => {
    calls.push({ url: "", signal: new AbortController().signal, answer: () => undefined });
    return Promise.resolve(new Response(JSON.stringify({ detail: "no page", hint: "one of: a" }), { status: 404 }));
  });
  const { ask } = await import("./coordinator");
  await expect(ask("/a").answer).rejects.toMatchObject({ message: "no page", hint: "one of: a" });
  await expect(ask("/a").answer).rejects.toThrow("no page");
  expect(calls.length).toBe(2);
});
