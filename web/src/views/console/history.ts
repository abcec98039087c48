import { signal } from "@preact/signals";

const KEY = "filmstar.console";
const MOST = 30;

/** What was run in this browser, newest first. It is never sent anywhere. */
export const history = signal<string[]>(read());

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((sql) => typeof sql === "string") : [];
  } catch {
    return [];
  }
}

/** The same statement again moves to the front. */
export function withNewest(kept: string[], sql: string): string[] {
  return [sql, ...kept.filter((other) => other !== sql)].slice(0, MOST);
}

export function remember(sql: string): void {
  keep(withNewest(history.value, sql));
}

export function forget(): void {
  keep([]);
}

function keep(next: string[]): void {
  history.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing still has it for this visit.
  }
}
