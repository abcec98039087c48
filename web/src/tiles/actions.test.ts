import { beforeEach, expect, test, vi } from "vitest";
import type { Answer, Catalogue, Page, Tile } from "../api/schema";
import { type Place, actionsOf, askedQuery, brushedYears, drillUrl, isChosen } from "./actions";

const catalogue: Catalogue = {
  as_of: null,
  years: [1916, 2026],
  default_years: [1980, 2025],
  languages: [],
  genres: [],
  countries: [],
  budget_classes: [],
  default_budget_floor_usd: 100_000,
  cpi_base_year: 2025,
};
const answer = {
  columns: [
    { name: "genre", label: "Genre", format: "text", hidden: false },
    { name: "genre_id", label: "Id", format: "count", hidden: true },
    { name: "best_film", label: "Best", format: "text", hidden: false, link: "movie", key: "best_id" },
    { name: "best_id", label: "Id", format: "count", hidden: true },
    { name: "n_movies", label: "Films", format: "count", hidden: false },
  ],
  rows: [["Horror", 27, "Alien", 348, 1209]],
} as unknown as Answer;
const tile: Tile = {
  id: "returns",
  title: "Returns",
  subtitle: "",
  films: "analysis_set",
  scope: "filter",
  kind: "chart",
  columns: answer.columns,
  select: { filter: "genre", column: "genre_id", brush: false },
  drill: { page: "films", with: { genre: "genre_id" } },
};
const page: Page = {
  name: "genres",
  title: "Genres",
  order: 1,
  section: "films",
  summary: "",
  prose: "",
  filters: ["years", "genre", "language"],
  parameters: [],
  tiles: [tile],
};
const row = answer.rows[0] as (string | number)[];

function at(query: string, over: Partial<Place> = {}): Place {
  return { page, tile, query, catalogue, drillNames: ["genre", "years"], ...over };
}

beforeEach(() => {
  vi.stubGlobal("history", { pushState: vi.fn() });
  vi.stubGlobal("location", { pathname: "/pages/genres" });
});

test("a mark offers its choice, its films and its entities, in this order", () => {
  const actions = actionsOf(at("language=en&years=1990-2000"), answer, row);
  expect(actions.map(({ label, href }) => [label, href])).toEqual([
    ["Only this genre", undefined],
    ["See the 1,209 films", "/pages/films?genre=27&years=1990-2000"],
    ["Open Alien", "/pages/movie?id=348"],
  ]);
  actions[0]?.run?.();
  expect(history.pushState).toHaveBeenCalledWith(null, "", "?genre=27");
});

test("what is chosen already can be let go", () => {
  expect(actionsOf(at("genre=27"), answer, row)[0]?.label).toBe("Not only this genre");
  expect(isChosen({ filter: "budget_class", column: "c", brush: false }, "budget_class=low,micro", catalogue, "micro")).toBe(true);
  expect(isChosen({ filter: "years", column: "y", brush: false }, "years=1990-2000", catalogue, 1995)).toBe(true);
  expect(isChosen({ filter: "years", column: "y", brush: false }, "years=1990-2000", catalogue, 2001)).toBe(false);
  expect(isChosen({ filter: "years", column: "y", brush: false }, "", catalogue, 1995)).toBe(false);
});

test("a row without a value has no action that needs it", () => {
  expect(actionsOf(at(""), answer, ["Other", null, "Alien", null, 3])).toEqual([]);
});

test("a tile is not narrowed by its own selection, nor one of the whole catalogue by any filter", () => {
  expect(askedQuery(at("genre=27&language=en"))).toBe("language=en");
  const byYear = { ...tile, select: { filter: "years", column: "release_year", brush: true } };
  expect(askedQuery(at("genre=27&years=1990-2000", { tile: byYear }))).toBe("genre=27");
  expect(askedQuery(at("years=1920-1930", { tile: byYear }))).toBe("years=1920-1930");
  expect(askedQuery(at("genre=27&id=5", { tile: { ...tile, scope: "catalogue" } }))).toBe("id=5");
});

test("the films of a whole tile are asked for with the filters that their page takes", () => {
  expect(drillUrl(at("language=en&years=1990-2000"), {})).toBe("/pages/films?years=1990-2000");
  expect(drillUrl(at("years=1990-2000", { drillNames: null }), {})).toBe("/pages/films");
});

test("a brushed stretch is its first and last year", () => {
  const years = { columns: [{ name: "y", label: "Y", format: "year", hidden: false }], rows: [[1999], [1990], [2004]] } as unknown as Answer;
  const select = { filter: "years", column: "y", brush: true };
  expect(brushedYears(years, select, [0, 1, 2], catalogue)).toBe("1990-2004");
  expect(brushedYears(years, select, [], catalogue)).toBeNull();
});
