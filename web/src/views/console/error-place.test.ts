import { expect, test } from "vitest";
import { errorPlace, offsetOf } from "./error-place";

test("the database's line and caret become a place in the text", () => {
  const message = 'Binder Error: column "tilte" not found\n\nLINE 2: from mart_movies where tilte = 1\n                               ^';
  expect(errorPlace(message)).toEqual({ line: 2, column: 24 });
  expect(offsetOf("select 1\nfrom mart_movies where tilte = 1", { line: 2, column: 24 })).toBe(9 + 23);
});

test("a line that is cut keeps its number alone", () => {
  expect(errorPlace("LINE 1: ...something\n           ^")).toEqual({ line: 1, column: null });
  expect(errorPlace('column "tilte" does not exist\nline 2: tilte')).toEqual({ line: 2, column: null });
  expect(errorPlace("the query took longer than 10 s")).toBeNull();
});
