import type { Answer, Catalogue, ProblemBody } from "./schema";

/** What the server says went wrong, with its hint. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly hint: string | null,
  ) {
    super(message);
  }
}

async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: { accept: "application/json" } });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem("The server does not answer", "is `filmstar serve` still running?");
  }
  if (response.ok) return (await response.json()) as T;
  const body = (await response.json().catch(() => null)) as ProblemBody | null;
  throw new Problem(body?.detail ?? `The server answered ${response.status}`, body?.hint ?? null);
}

export function tileUrl(page: string, tile: string, query: string): string {
  return `/api/pages/${page}/tiles/${tile}${query ? `?${query}` : ""}`;
}

export function csvUrl(page: string, tile: string, query: string): string {
  return `/api/pages/${page}/tiles/${tile}.csv${query ? `?${query}` : ""}`;
}

export function fetchAnswer(url: string, signal: AbortSignal): Promise<Answer> {
  return getJson<Answer>(url, signal);
}

export function fetchCatalogue(): Promise<Catalogue> {
  return getJson<Catalogue>("/api/filters");
}
