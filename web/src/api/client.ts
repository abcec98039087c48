import { waitBefore } from "./held";
import type {
  Answer,
  Catalogue,
  ConsoleAnswer,
  ConsoleTable,
  Model,
  Models,
  Page,
  ProblemBody,
  Run,
  SearchAnswer,
  Subject,
} from "./schema";

/** What the server says went wrong, with its hint. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly hint: string | null,
    readonly status: number | null = null,
  ) {
    super(message);
  }
}

/** So often a question is asked that the server has no time for. */
const ATTEMPTS = 5;

async function getJson<T>(url: string, signal?: AbortSignal, init: RequestInit = {}, attempt = 1): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal, headers: { accept: "application/json", ...init.headers } });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem("The server does not answer", "is `filmstar serve` still running?");
  }
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401) {
    // The session is over: the same address now shows the way in.
    location.reload();
    return new Promise<T>(() => undefined);
  }
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  if (response.status === 429 && seconds > 0 && attempt < ATTEMPTS) {
    await waitBefore(seconds * 1_000 * attempt, signal);
    return getJson(url, signal, init, attempt + 1);
  }
  const body = (await response.json().catch(() => null)) as ProblemBody | null;
  throw new Problem(body?.detail ?? `The server answered ${response.status}`, body?.hint ?? null, response.status);
}

export type DataKind = "csv" | "parquet";

export function tileUrl(page: string, tile: string, query: string): string {
  return `/api/pages/${page}/tiles/${tile}${query ? `?${query}` : ""}`;
}

/** The tile's rows as a file, with attribution and filters inside. */
export function dataUrl(page: string, tile: string, query: string, kind: DataKind): string {
  return `/api/pages/${page}/tiles/${tile}.${kind}${query ? `?${query}` : ""}`;
}

export function fetchAnswer(url: string, signal: AbortSignal): Promise<Answer> {
  return getJson<Answer>(url, signal);
}

export function fetchCatalogue(): Promise<Catalogue> {
  return getJson<Catalogue>("/api/filters");
}

export function fetchPage(name: string): Promise<Page> {
  return getJson<Page>(`/api/pages/${name}`);
}

export function fetchSubject(page: string, id: string, signal?: AbortSignal): Promise<Subject> {
  return getJson<Subject>(`/api/pages/${page}/subject?${new URLSearchParams({ id })}`, signal);
}

export function search(text: string, limit: number, signal?: AbortSignal): Promise<SearchAnswer> {
  return getJson<SearchAnswer>(`/api/search?${new URLSearchParams({ q: text, limit: String(limit) })}`, signal);
}

/** Tells the server that somebody is about to search: it gets the names ready. */
export function prepareSearch(): void {
  search("", 1).catch(() => undefined);
}

export function runQuery(sql: string, signal?: AbortSignal): Promise<ConsoleAnswer> {
  const headers = { "content-type": "application/json" };
  return getJson<ConsoleAnswer>("/api/console", signal, { method: "POST", headers, body: JSON.stringify({ sql }) });
}

export function fetchConsoleTables(signal?: AbortSignal): Promise<ConsoleTable[]> {
  return getJson<ConsoleTable[]>("/api/console/tables", signal);
}

export function fetchModels(signal?: AbortSignal): Promise<Models> {
  return getJson<Models>("/api/models", signal);
}

export function fetchModel(name: string, signal?: AbortSignal): Promise<Model> {
  return getJson<Model>(`/api/models/${encodeURIComponent(name)}`, signal);
}

export function fetchRuns(signal?: AbortSignal): Promise<{ runs: Run[] }> {
  return getJson<{ runs: Run[] }>("/api/runs", signal);
}
