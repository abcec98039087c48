import { expect, test } from "vitest";
import { sorted } from "./data-table";

test("sorting keeps unknown last in both directions", () => {
  const rows = [["b", 2], ["a", null], ["c", 10]];
  expect(sorted(rows, { index: 1, isDescending: true }).map((row) => row[0])).toEqual(["c", "b", "a"]);
  expect(sorted(rows, { index: 1, isDescending: false }).map((row) => row[0])).toEqual(["b", "c", "a"]);
  expect(sorted(rows, { index: 0, isDescending: false }).map((row) => row[0])).toEqual(["a", "b", "c"]);
});
