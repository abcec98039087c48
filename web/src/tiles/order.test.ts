import { expect, test } from "vitest";
import { orderOf, ordersWith } from "./order";

test("each table of a page has its own order in the address", () => {
  const first = `sort=${ordersWith("", "films", { column: "roi", isDescending: true })}`;
  expect(first).toBe("sort=films.-roi");
  const both = `sort=${ordersWith(first, "cast", { column: "part", isDescending: false })}`;
  expect(orderOf(both, "films")).toEqual({ column: "roi", isDescending: true });
  expect(orderOf(both, "cast")).toEqual({ column: "part", isDescending: false });
  expect(ordersWith(both, "films", { column: "title", isDescending: false })).toBe("cast.part,films.title");
  expect(orderOf(both, "film")).toBeNull();
  expect(orderOf("sort=films.", "films")).toBeNull();
  expect(orderOf("", "films")).toBeNull();
});
