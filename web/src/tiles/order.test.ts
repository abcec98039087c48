import { expect, test } from "vitest";
import { orderOf, ordersWith } from "./order";

test("each table of a page has its own order in the address", () => {
  const first = `order=${ordersWith("", "films", { column: "roi", isDescending: true })}`;
  expect(first).toBe("order=films.-roi");
  const both = `order=${ordersWith(first, "cast", { column: "part", isDescending: false })}`;
  expect(orderOf(both, "films")).toEqual({ column: "roi", isDescending: true });
  expect(orderOf(both, "cast")).toEqual({ column: "part", isDescending: false });
  expect(ordersWith(both, "films", { column: "title", isDescending: false })).toBe("cast.part,films.title");
  expect(orderOf(both, "film")).toBeNull();
  expect(orderOf("order=films.", "films")).toBeNull();
  expect(orderOf("", "films")).toBeNull();
});
