import { View, parse } from "vega";
import { type TopLevelSpec, compile } from "vega-lite";
import { expect, test } from "vitest";
import type { Column } from "../../api/schema";
import { type Item, hit, pointsOf, rowOf } from "./points";

const columns: Column[] = [
  { name: "genre", label: "Genre", format: "text", hidden: false },
  { name: "median", label: "Median", format: "percent", hidden: false },
];
const rows = [
  ["Horror", 3],
  ["Drama", 1],
  ["Comedy", 2],
];
const values = rows.map(([genre, median], _row) => ({ genre, median, _row }));

async function drawn(spec: Record<string, unknown>, isByLine = true) {
  const compiled = compile({ ...spec, data: { values }, width: 200, height: 90 } as unknown as TopLevelSpec).spec;
  const view = await new View(parse(compiled), { renderer: "none" }).runAsync();
  return pointsOf((view.scenegraph() as unknown as { root: { items: Item[] } }).root.items[0] as Item, { columns, rows }, isByLine);
}

test("rows of bars are walked from top to bottom, and the pointer finds them", async () => {
  const points = await drawn({
    mark: "bar",
    encoding: { y: { field: "genre", type: "nominal", sort: null }, x: { field: "median", type: "quantitative" } },
  });
  expect(points.map(({ row }) => row)).toEqual([0, 1, 2]);
  expect(hit(points, 10, 45, 8)?.row).toBe(1);
  expect(hit(points, 190, 15, 8)?.row).toBe(0);
  expect(hit(points, 190, 45, 8)).toBeNull();
});

test("a dot before its interval is the mark of a row", async () => {
  const [first] = await drawn({
    encoding: { y: { field: "genre", type: "nominal", sort: null } },
    layer: [
      { mark: "rule", encoding: { x: { field: "median", type: "quantitative" }, x2: { datum: 0 } } },
      { mark: "point", encoding: { x: { field: "median", type: "quantitative" } } },
    ],
  });
  expect(first?.hits.length).toBe(2);
  expect((first?.box.right ?? 0) - (first?.box.left ?? 0)).toBeLessThan(16);
});

test("a line is walked from left to right, and followed from above and below", async () => {
  const points = await drawn({
    mark: "line",
    encoding: { x: { field: "median", type: "quantitative", scale: { zero: false } }, y: { field: "median", type: "quantitative" } },
  }, false);
  expect(points.map(({ row }) => row)).toEqual([1, 2, 0]);
  expect(hit(points, 100, 80, 24)?.row).toBe(2);
});

test("an aggregate is a row that agrees with it", () => {
  expect(rowOf({ genre: "Comedy", mid_box: 2 }, columns, rows)).toBe(2);
  expect(rowOf({ genre: "Western" }, columns, rows)).toBeNull();
  expect(rowOf({ mid_box: 2 }, columns, rows)).toBeNull();
  expect(rowOf(undefined, columns, rows)).toBeNull();
});
