import { expect, test } from "vitest";
import type { Catalogue, Page } from "../api/schema";
import { inWords, moneyWords, ownNames, words } from "./filters";

const catalogue: Catalogue = {
  as_of: "2026-11-20",
  years: [1916, 2026],
  default_years: [1980, 2025],
  languages: [{ code: "en", name: "English", n_movies: 900 }],
  genres: [{ id: 27, name: "Horror", n_movies: 209 }],
  countries: [{ code: "FR", name: "France", n_movies: 80 }],
  budget_classes: [
    { name: "micro", label: "Micro (under $1 M)", n_movies: 10 },
    { name: "upper-mid", label: "Upper mid", n_movies: 12 },
  ],
  default_budget_floor_usd: 100_000,
  cpi_base_year: 2025,
};

const page: Page = {
  name: "genres",
  title: "Genres",
  order: 1,
  section: "films",
  summary: "",
  prose: "",
  filters: ["years", "genre", "country", "budget_class", "budget_floor", "votes_floor", "money"],
  parameters: [
    { name: "min_films", label: "At least this many films", values: { min: 1, max: 30, default: 5 } },
    { name: "share", label: "Share", values: { options: [{ value: "full", label: "in full" }, { value: "part", label: "in part" }] } },
  ],
  tiles: [],
};

test("filters are said in words, with names where the catalogue has them", () => {
  expect(words("years", "years=1990-2016", catalogue)).toBe("1990–2016");
  expect(words("years", "", catalogue)).toBe("1980–2025");
  expect(words("years", "years=1999", catalogue)).toBe("1999");
  expect(words("genre", "genre=27&genre_policy=primary", catalogue)).toBe("Horror, as first genre");
  expect(words("genre", "genre=99", catalogue)).toBe("99");
  expect(words("budget_class", "budget_class=micro,upper-mid", catalogue)).toBe("Micro, Upper mid");
  expect(words("budget_floor", "", catalogue)).toBe("$100K");
  expect(words("votes_floor", "votes_floor=1000", catalogue)).toBe("1,000 or more");
  expect(moneyWords("", catalogue)).toBe("real 2025 dollars");
  expect(moneyWords("", null)).toBe("real dollars");
  expect(moneyWords("money=nominal", catalogue)).toBe("nominal dollars");
});

test("what is at its default is not said", () => {
  expect(inWords(page, "", catalogue)).toEqual([]);
  expect(inWords(page, "id=12&genre=27&share=part&min_films=9", catalogue)).toEqual([
    { name: "genre", label: "Genre", value: "Horror" },
    { name: "min_films", label: "At least this many films", value: "9" },
    { name: "share", label: "Share", value: "in part" },
  ]);
});

test("a page owns its filters, the genre's policy and its parameters, and nothing else", () => {
  expect(ownNames(page)).toContain("genre_policy");
  expect(ownNames(page)).toContain("min_films");
  expect(ownNames({ ...page, filters: ["years"] })).toEqual(["years", "min_films", "share"]);
});
