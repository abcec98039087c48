import { expect, test } from "vitest";
import type { Column } from "../api/schema";
import { entityUrl, filmsOf, isAllowedUrl, nameOf, said, saidText } from "./cells";

const columns: Column[] = [
  { name: "film_id", label: "Id", format: "count", hidden: true },
  { name: "film", label: "Film", format: "text", hidden: false, link: "movie", key: "film_id" },
  { name: "roi", label: "Return", format: "percent", hidden: false, low: "low", high: "high", n: "n" },
  { name: "low", label: "Low", format: "percent", hidden: true },
  { name: "high", label: "High", format: "percent", hidden: true },
  { name: "n", label: "Films", format: "count", hidden: false },
];
const roi = columns[2] as Column;
const film = columns[1] as Column;

test("a value is said with its interval and with the size of its sample", () => {
  expect(saidText(columns, [1, "Alien", 1.21, 1.1, 1.34, 60], roi)).toBe("121% (110 to 134)");
  expect(saidText(columns, [1, "Alien", 1.21, 1.1, 1.34, 12], roi)).toBe("121% (110 to 134), small sample");
  expect(said(columns, [1, "Alien", 1.21, 1.1, 1.34, 9], roi)).toEqual({ text: "too few", interval: null, isSmall: false, isTooFew: true });
  expect(saidText(columns, [1, "Alien", 1.21, null, 1.34, 60], roi)).toBe("121%");
});

test("a row has a name, a number of films and an address", () => {
  const row = [348, "Alien", 1.21, 1.1, 1.34, 60];
  expect(nameOf(columns, row)).toBe("Alien");
  expect(filmsOf(columns, row)).toBe(60);
  const counted: Column[] = [...columns, { name: "n_movies", label: "Of these", format: "count", hidden: false }];
  expect(filmsOf(counted, [...row, 38])).toBe(38);
  expect(entityUrl(columns, row, film)).toBe("/pages/movie?id=348");
  expect(entityUrl(columns, [null, "Alien"], film)).toBeNull();
});

test("only the two catalogues are linked", () => {
  expect(isAllowedUrl("https://www.imdb.com/title/tt0078748/")).toBe(true);
  expect(isAllowedUrl("https://www.imdb.com.example.org/")).toBe(false);
  expect(isAllowedUrl("javascript:alert(1)")).toBe(false);
  expect(isAllowedUrl(null)).toBe(false);
});
