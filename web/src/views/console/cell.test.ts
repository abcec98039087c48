import { expect, test } from "vitest";
import { isNumber, shownCell } from "./cell";

test("numbers are exact, ids and years have no thousands", () => {
  expect(shownCell(1234567, "revenue_usd")).toBe("1,234,567");
  expect(shownCell(1999, "release_year")).toBe("1999");
  expect(shownCell(27205, "movie_id")).toBe("27205");
  expect(shownCell(-0.53217, "roi")).toBe("−0.5322");
  expect(shownCell(0.000123456, "share")).toBe("0.000123");
  expect(shownCell(true, "is_known")).toBe("true");
});

test("a column is a number when all that is known in it is", () => {
  expect(isNumber([1, null, 2.5])).toBe(true);
  expect(isNumber([null, null])).toBe(false);
  expect(isNumber(["1", 2])).toBe(false);
});
