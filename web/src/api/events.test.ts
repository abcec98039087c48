import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listen } from "./events";

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    Source.all.push(this);
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }

  say(type: string, data: string): void {
    this.dispatchEvent(Object.assign(new Event(type), { data }));
  }

  refuse(): void {
    this.readyState = Source.CLOSED;
    this.dispatchEvent(new Event("error"));
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });
const onBuild = vi.fn();
const onPages = vi.fn();

beforeEach(() => {
  Source.all = [];
  page.hidden = false;
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("document", page);
  listen({ onBuild, onPages, buildId: () => "first", edition: 2 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("builds and changed pages are passed on", () => {
  const [source] = Source.all;
  expect(source?.url).toBe("/api/events?edition=2&build_id=first");
  source?.say("build", "second");
  expect(onBuild).toHaveBeenCalledWith("second");
  source?.say("pages", JSON.stringify({ edition: 4, problems: [] }));
  expect(onPages).toHaveBeenCalledWith([]);
});

test("a hidden page lets go of its line and says later what it knows", () => {
  Source.all[0]?.say("pages", JSON.stringify({ edition: 4, problems: [] }));
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  expect(Source.all[0]?.readyState).toBe(Source.CLOSED);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  expect(Source.all[1]?.url).toBe("/api/events?edition=4&build_id=first");
});

test("a server that refuses is asked again later and later; one that has no news, never", () => {
  Source.all[0]?.refuse();
  vi.advanceTimersByTime(120_000);
  expect(Source.all.length).toBe(1);

  listen({ onBuild, onPages, buildId: () => "", edition: 0 });
  Source.all[1]?.say("open", "");
  Source.all[1]?.refuse();
  vi.advanceTimersByTime(1_000);
  expect(Source.all.length).toBe(3);
  Source.all[2]?.refuse();
  vi.advanceTimersByTime(1_999);
  expect(Source.all.length).toBe(3);
  vi.advanceTimersByTime(1);
  expect(Source.all.length).toBe(4);
});
