import { expect, test } from "vitest";
import { lines, wrapped } from "./wrap";

const bars = { height: { step: 24 }, mark: "bar", encoding: { y: { field: "film", type: "nominal", axis: {} } } };

test("a long name is broken between words", () => {
  expect(lines("The Copper Lighthouse and the Last Ferry (1984)")).toEqual(["The Copper", "Lighthouse and the", "Last Ferry (1984)"]);
  expect(lines("Comet")).toEqual(["Comet"]);
});

test("rows grow with the lines of the longest name", () => {
  const spec = wrapped(bars, [{ film: "Comet" }, { film: "The Copper Lighthouse and the Last Ferry (1984)" }]) as any;
  expect(spec.height.step).toBe(44);
  expect(spec.encoding.y.axis.labelExpr).toContain('"Lighthouse and the"');
  expect(spec.encoding.y.axis.labelExpr).not.toContain("Comet");
});

test("charts of short names stay as they are", () => {
  expect(wrapped(bars, [{ film: "Comet" }])).toBe(bars);
  const lineChart = { height: 200, encoding: { y: { field: "film", type: "quantitative" } } };
  expect(wrapped(lineChart, [{ film: 1 }])).toBe(lineChart);
});
