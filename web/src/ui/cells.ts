import type { Column, Row } from "../api/schema";
import { formatCell } from "./format";

/** Fewer films than this say nothing; fewer than the next say little. */
export const TOO_FEW = 10;
export const SMALL = 30;

/** A value with what is known about how sure it is. */
export interface Said {
  text: string;
  /** `110–134` */
  interval: string | null;
  isSmall: boolean;
  isTooFew: boolean;
}

export function valueIn(columns: Column[], row: Row, name: string | undefined): Row[number] {
  const index = name === undefined ? -1 : columns.findIndex((column) => column.name === name);
  return index < 0 ? null : (row[index] ?? null);
}

export function said(columns: Column[], row: Row, column: Column): Said {
  const n = valueIn(columns, row, column.n);
  const isTooFew = typeof n === "number" && n < TOO_FEW;
  const isSmall = typeof n === "number" && n >= TOO_FEW && n < SMALL;
  if (isTooFew) return { text: "too few", interval: null, isSmall, isTooFew };
  const text = formatCell(valueIn(columns, row, column.name), column.format);
  return { text, interval: interval(columns, row, column), isSmall, isTooFew };
}

function interval(columns: Column[], row: Row, column: Column): string | null {
  const [low, high] = [valueIn(columns, row, column.low), valueIn(columns, row, column.high)];
  if (low === null || high === null) return null;
  const [from, to] = [formatCell(low, column.format), formatCell(high, column.format)];
  // A unit behind the number need not be said three times; one before it makes two numbers of one.
  const lean = (text: string) => text.replace(/[%×]$/, "");
  return `${lean(from)} to ${lean(to)}`;
}

export function saidText(columns: Column[], row: Row, column: Column): string {
  const { text, interval: range, isSmall } = said(columns, row, column);
  return `${text}${range ? ` (${range})` : ""}${isSmall ? ", small sample" : ""}`;
}

/** The first column a reader sees names the row. */
export function nameOf(columns: Column[], row: Row): string {
  const column = columns.find((each) => !each.hidden);
  return column ? formatCell(valueIn(columns, row, column.name), column.format) : "";
}

/** How many films stand behind a row, if the query says so: those it counts, which may be a part of a value's sample. */
export function filmsOf(columns: Column[], row: Row): number | null {
  const isCounted = columns.some((column) => column.name === "n_movies");
  const n = valueIn(columns, row, isCounted ? "n_movies" : columns.find((column) => column.n !== undefined)?.n);
  return typeof n === "number" ? n : null;
}

const ENTITY_URL = /^https:\/\/www\.(themoviedb\.org|imdb\.com)\//;

/** Where a cell of the format `url` may lead. */
export function isAllowedUrl(value: unknown): value is string {
  return typeof value === "string" && ENTITY_URL.test(value);
}

/** The page of the film, person, collection or company that a cell names. */
export function entityUrl(columns: Column[], row: Row, column: Column): string | null {
  const id = valueIn(columns, row, column.key);
  return column.link && /^\d+$/.test(String(id)) ? `/pages/${column.link}?id=${id}` : null;
}
