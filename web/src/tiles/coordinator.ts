import { signal } from "@preact/signals";
import { fetchAnswer } from "../api/client";
import type { Answer } from "../api/schema";

/** Moves when a newer build is published, so that a page never mixes two. */
export const generation = signal(0);

interface Entry {
  answer: Promise<Answer>;
  abort: AbortController;
  nWaiting: number;
  isDone: boolean;
}

const MAX_ENTRIES = 60;
const entries = new Map<string, Entry>();
let newestBuild = "";

/** Asks once per address however many tiles want it; `release` cancels when nobody waits any more. */
export function ask(url: string): { answer: Promise<Answer>; release: () => void } {
  const entry = entries.get(url) ?? start(url);
  entry.nWaiting += 1;
  return { answer: entry.answer, release: () => release(url, entry) };
}

function start(url: string): Entry {
  const abort = new AbortController();
  const answer = fetchAnswer(url, abort.signal);
  const entry: Entry = { answer, abort, nWaiting: 0, isDone: false };
  entries.set(url, entry);
  answer.then(
    (value) => {
      entry.isDone = true;
      noticeBuild(value.build_id, url);
      trim();
    },
    () => entries.get(url) === entry && entries.delete(url),
  );
  return entry;
}

function release(url: string, entry: Entry): void {
  entry.nWaiting -= 1;
  if (entry.nWaiting > 0 || entry.isDone) return;
  if (entries.get(url) === entry) entries.delete(url);
  entry.abort.abort();
}

function noticeBuild(buildId: string, url: string): void {
  const isChange = newestBuild !== "" && newestBuild !== buildId;
  newestBuild = buildId;
  if (isChange) askAnew(url);
}

/** Asks everything again when the server says that there is a newer build, also what views asked without tiles. */
export function renew(buildId: string): void {
  if (newestBuild === buildId) return;
  newestBuild = buildId;
  askAnew("");
}

function askAnew(but: string): void {
  for (const url of [...entries.keys()]) if (url !== but) entries.delete(url);
  generation.value += 1;
}

/** The build that the tiles are of; empty before the first answer. */
export function shownBuild(): string {
  return newestBuild;
}

function trim(): void {
  for (const url of entries.keys()) {
    if (entries.size <= MAX_ENTRIES) return;
    entries.delete(url);
  }
}
