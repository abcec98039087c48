import { compile } from "vega-lite";
import { expect, test } from "vitest";
import type { Column } from "../../api/schema";
import type { Theme } from "../theme-colours";
import { buildSpec, chartHeight, logTicks } from "./spec";

const theme: Theme = {
  ink: "#111",
  muted: "#666",
  faint: "#ccc",
  grid: "#eee",
  paper: "#fff",
  accent: "#a00",
  second: "#06a",
  third: "#a60",
  fourth: "#60a",
  good: "#080",
  bad: "#b40",
};

const columns: Column[] = [
  { name: "genre", label: "Genre", format: "text", hidden: false },
  { name: "median_roi", label: "Median return", format: "percent", hidden: false },
  { name: "gross_usd", label: "Gross", format: "usd", hidden: false },
  { name: "release_year", label: "Year", format: "year", hidden: false },
];
const rows = [["Horror", 1.2, 5e6, 1999]];

function build(spec: Record<string, unknown>) {
  return buildSpec(spec, { columns, rows }, { theme, isNarrow: false }) as any;
}

test("a field takes its type, title and format from the query's columns", () => {
  const { encoding, data } = build({
    mark: "point",
    encoding: { y: { field: "genre", title: null }, x: { field: "median_roi" } },
  });
  expect(encoding.y).toEqual({ field: "genre", type: "nominal", title: null, axis: {} });
  expect(encoding.x).toEqual({ field: "median_roi", type: "quantitative", title: "Median return", axis: { format: "~%" } });
  expect(data.values).toEqual([{ genre: "Horror", median_roi: 1.2, gross_usd: 5e6, release_year: 1999 }]);
});

test("layers are completed too, secondary channels and transforms are left alone", () => {
  const { layer } = build({
    layer: [
      {
        mark: "bar",
        transform: [{ calculate: "1", as: "one" }],
        encoding: { x: { field: "gross_usd" }, x2: { field: "median_roi" }, y: { datum: 0 } },
      },
    ],
  });
  expect(layer[0].encoding.x.axis.labelExpr).toContain("'B'");
  expect(layer[0].encoding.x2).toEqual({ field: "median_roi" });
  expect(layer[0].encoding.y).toEqual({ datum: 0 });
  expect(layer[0].transform).toEqual([{ calculate: "1", as: "one" }]);
});

test("a year's axis starts where the data does", () => {
  const { encoding } = build({ mark: "line", encoding: { x: { field: "release_year" } } });
  expect(encoding.x.scale).toEqual({ zero: false, nice: false });
});

test("colours are named by meaning; other dollar texts stay", () => {
  const { mark } = build({ mark: { type: "text", color: "$accent", text: "$5" } });
  expect(mark).toEqual({ type: "text", color: "#a00", text: "$5" });
});

test("a completed spec compiles", () => {
  const spec = build({ mark: "bar", encoding: { y: { field: "genre" }, x: { field: "gross_usd" } } });
  expect(compile(spec).spec.marks?.length).toBeGreaterThan(0);
});

test("layers share the first title of a channel", () => {
  const { layer } = build({
    layer: [
      { mark: "bar", encoding: { x: { field: "gross_usd", title: "Money" } } },
      { mark: "point", encoding: { x: { field: "median_roi" } } },
    ],
  });
  expect(layer.map((each: any) => each.encoding.x.title)).toEqual(["Money", "Money"]);
});

test("a logarithmic axis names few round numbers inside the data", () => {
  expect(logTicks([1.5e5, 4e8])).toEqual([1e6, 1e7, 1e8]);
  expect(logTicks([9e6, 2.2e8])).toEqual([1e7, 2e7, 5e7, 1e8, 2e8]);
  expect(logTicks([])).toEqual([]);
});

test("rows are numbered when marks are to lead back to them", () => {
  const numbered = buildSpec({ mark: "bar" }, { columns, rows }, { theme, isNarrow: false, rowField: "_row", width: 600 }) as any;
  expect(numbered.data.values[0]._row).toBe(0);
  expect(numbered.width).toBe(600);
  expect(build({ mark: "bar" }).data.values[0]).not.toHaveProperty("_row");
});

test("small multiples keep the widths of their plots", () => {
  expect(build({ facet: { field: "genre" }, spec: { width: 120, mark: "bar" } })).not.toHaveProperty("width");
  expect(build({ width: 90, mark: "bar", encoding: { facet: { field: "genre" } } }).width).toBe(90);
  expect(build({ mark: "bar" }).width).toBe("container");
});

test("a drawing's place is kept by its height, or by the number of its lines", () => {
  expect(chartHeight({ height: 200 }, { columns, rows })).toBe(244);
  const lines = [["Horror"], ["Drama"], ["Drama"]];
  expect(chartHeight({ height: { step: 20 }, encoding: { y: { field: "genre" } } }, { columns, rows: lines })).toBe(84);
});
