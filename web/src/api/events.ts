import type { PagesEvent } from "./schema";

/** One mistake in a page's files. */
export type Diagnostic = PagesEvent["problems"][number];

export interface News {
  /** A newer build was published. */
  onBuild: (buildId: string) => void;
  /** Page files changed on disk; with problems, the last good ones are still shown. */
  onPages: (problems: Diagnostic[]) => void;
  /** The build on screen, so that a listener who was away misses nothing. */
  buildId: () => string;
  /** The reading of the page files that the page was made of. */
  edition: number;
}

const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;

/** Listens while the page is looked at: a browser has few connections to a server, and hidden tabs would hold them. */
export function listen({ onBuild, onPages, buildId, edition: first }: News): void {
  let source: EventSource | null = null;
  let edition = first;
  let wait = FIRST_WAIT_MS;
  let hasWorked = false;

  function open(): void {
    if (source || document.hidden) return;
    const known = new URLSearchParams({ edition: String(edition) });
    if (buildId()) known.set("build_id", buildId());
    source = new EventSource(`/api/events?${known}`);
    source.addEventListener("open", () => {
      hasWorked = true;
      wait = FIRST_WAIT_MS;
    });
    source.addEventListener("build", (event) => onBuild(event.data));
    source.addEventListener("pages", (event) => {
      const news = JSON.parse(event.data) as PagesEvent;
      edition = news.edition;
      onPages(news.problems);
    });
    source.addEventListener("error", () => {
      // The browser comes back by itself when the line broke; when it was refused, it does not.
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      if (hasWorked) setTimeout(open, wait);
      wait = Math.min(LAST_WAIT_MS, wait * 2);
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return open();
    source?.close();
    source = null;
  });
  open();
}
