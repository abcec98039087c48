import { expect, test } from "vitest";
import { changed, readYears, valueOf, without, yearsValue } from "./address";

test("a value enters, changes and leaves the address in a stable order", () => {
  expect(changed("", { years: "1990-2016" })).toBe("years=1990-2016");
  expect(changed("years=1990-2016", { language: "en" })).toBe("language=en&years=1990-2016");
  expect(changed("language=en&years=1990-2016", { language: "" })).toBe("years=1990-2016");
  expect(changed("genre=27", { genre: "18", genre_policy: "primary" })).toBe("genre=18&genre_policy=primary");
  expect(without("genre=18&id=4&years=1990-2016", ["genre", "years", "money"])).toBe("id=4");
  expect(valueOf("language=en&genre=18", "genre")).toBe("18");
  expect(valueOf("language=en", "genre")).toBe("");
});

test("years round-trip, and the default stays out of the address", () => {
  expect(yearsValue(1990, 2016, [1980, 2025])).toBe("1990-2016");
  expect(yearsValue(2016, 1990, [1980, 2025])).toBe("1990-2016");
  expect(yearsValue(1980, 2025, [1980, 2025])).toBe("");
  expect(readYears("1990-2016", [1980, 2025])).toEqual([1990, 2016]);
  expect(readYears("1994", [1980, 2025])).toEqual([1994, 1994]);
  expect(readYears("rubbish", [1980, 2025])).toEqual([1980, 2025]);
});
