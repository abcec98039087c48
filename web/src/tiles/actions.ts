import type { Answer, Catalogue, Page, Row, Select, Tile } from "../api/schema";
import { changed, readYears, setValue, valueOf, without, yearsValue } from "../app/address";
import { entityUrl, filmsOf, valueIn } from "../ui/cells";
import { formatCell, formatCount } from "../ui/format";
import type { MenuItem } from "../ui/menu";
import { ORDER } from "./order";

/** Where a tile stands: what its rows' actions depend on. */
export interface Place {
  page: Page;
  tile: Tile;
  query: string;
  catalogue: Catalogue | null;
  /** The filters and parameters that the page of a drill takes, once known. */
  drillNames: string[] | null;
}

const NOUNS: Record<string, string> = { years: "year", genre: "genre", language: "language", country: "country", budget_class: "budget class" };

/** What can be done with a row, the most likely first. */
export function actionsOf(place: Place, answer: Answer, row: Row): MenuItem[] {
  return [...selecting(place, answer, row), ...drilling(place, answer, row), ...opening(answer, row)];
}

function selecting({ page, tile, query, catalogue }: Place, answer: Answer, row: Row): MenuItem[] {
  const { select } = tile;
  const value = select ? valueIn(answer.columns, row, select.column) : null;
  if (!select || value === null) return [];
  const noun = NOUNS[select.filter] ?? page.parameters.find(({ name }) => name === select.filter)?.label.toLowerCase() ?? select.filter;
  if (isChosen(select, query, catalogue, value)) return [{ label: `Not only this ${noun}`, run: () => setValue(select.filter, "") }];
  return [{ label: `Only this ${noun}`, run: () => setValue(select.filter, String(value)) }];
}

function drilling(place: Place, answer: Answer, row: Row): MenuItem[] {
  const { drill } = place.tile;
  const pairs = Object.entries(drill?.with ?? {}).map(([name, column]) => [name, valueIn(answer.columns, row, column)] as const);
  if (!drill || pairs.length === 0 || pairs.some(([, value]) => value === null)) return [];
  const n = filmsOf(answer.columns, row);
  const label = n === null ? "See the films" : n === 1 ? "See the film" : `See the ${formatCount(n)} films`;
  return [{ label, href: drillUrl(place, Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]))) }];
}

function opening(answer: Answer, row: Row): MenuItem[] {
  return answer.columns.flatMap((column) => {
    const href = entityUrl(answer.columns, row, column);
    const name = formatCell(valueIn(answer.columns, row, column.name), column.format);
    return href ? [{ label: `Open ${name}`, href }] : [];
  });
}

/** The address of the films behind a row, or behind the whole tile: the present filters that the page takes, and the row's values. */
export function drillUrl({ page, tile, query, drillNames }: Place, values: Record<string, string>): string {
  const filters = ["genre_policy", ...page.filters];
  const kept = filters.filter((name) => drillNames?.includes(name) && valueOf(query, name) !== "");
  const present = Object.fromEntries(kept.map((name) => [name, valueOf(query, name)]));
  const search = changed("", { ...present, ...values });
  return `/pages/${tile.drill?.page}${search ? `?${search}` : ""}`;
}

/** Whether the address chooses this value by the tile's `select`. */
export function isChosen(select: Select, query: string, catalogue: Catalogue | null, value: Row[number]): boolean {
  const chosen = valueOf(query, select.filter);
  if (chosen === "" || value === null) return false;
  if (select.filter === "years") {
    const [from, to] = readYears(chosen, catalogue?.default_years ?? [0, 0]);
    return Number(value) >= from && Number(value) <= to;
  }
  return chosen.split(",").includes(String(value));
}

/**
 * What a tile asks for: one that selects is not narrowed by its own selection, so that the reader sees what was
 * chosen among the rest. Years beyond the usual ones are asked for, since they would not be drawn otherwise.
 */
export function askedQuery({ page, tile, query: state, catalogue }: Pick<Place, "page" | "tile" | "query" | "catalogue">): string {
  // The order of a table is the reader's alone.
  const query = without(state, [ORDER]);
  const { select } = tile;
  if (tile.scope === "catalogue") return without(query, [...page.filters, "genre_policy"]);
  if (!select || !(page.filters as string[]).includes(select.filter)) return query;
  if (select.filter !== "years") return without(query, [select.filter]);
  if (!catalogue) return query;
  const [from, to] = readYears(valueOf(query, "years"), catalogue.default_years);
  const [first, last] = catalogue.default_years;
  return from >= first && to <= last ? without(query, ["years"]) : query;
}

/** The years of a brushed stretch for the address. */
export function brushedYears(answer: Answer, select: Select, rows: number[], catalogue: Catalogue | null): string | null {
  const years = rows.map((index) => Number(valueIn(answer.columns, answer.rows[index] ?? [], select.column))).filter((year) => year > 0);
  if (years.length === 0) return null;
  return yearsValue(Math.min(...years), Math.max(...years), catalogue?.default_years ?? [0, 0]);
}
