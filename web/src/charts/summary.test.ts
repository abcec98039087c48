import { expect, test } from "vitest";
import type { Answer } from "../api/schema";
import { drawnFields, linesOf, sentence } from "./reading";
import { axisField, summarized } from "./summary";

const answer = {
  columns: [
    { name: "genre", label: "Genre", format: "text", hidden: false },
    { name: "median_roi", label: "Median return", format: "percent", hidden: false, low: "low", high: "high" },
    { name: "low", label: "Low", format: "percent", hidden: true },
    { name: "high", label: "High", format: "percent", hidden: true },
    { name: "coverage", label: "Coverage", format: "percent", hidden: false },
    { name: "n_movies", label: "Films", format: "count", hidden: false },
  ],
  rows: [
    ["Horror", 1.77, 1.5, 2.1, 0.4, 209],
    ["Drama", 0.5, 0.4, 0.6, 0.2, 1404],
    ["Western", null, null, null, 0.1, 4],
  ],
  n: 1617,
  N: 3336,
  coverage: 0.485,
} as unknown as Answer;
const spec = {
  encoding: { y: { field: "genre" } },
  layer: [{ mark: "point", encoding: { x: { field: "median_roi" } } }],
};

test("a chart is told by its axes, its highest and lowest, and what it rests on", () => {
  expect(summarized(answer, spec)).toBe(
    "Median return by genre. 3 rows. " +
      "Highest median return: Horror, 177% (150 to 210); lowest: Drama, 50% (40 to 60). " +
      "It rests on 1,617 of 3,336 films, coverage 49%.",
  );
});

test("a field is found in layers, and all that are drawn are known", () => {
  expect(axisField(spec, "x")).toBe("median_roi");
  expect(axisField({ facet: { field: "era" }, spec }, "y")).toBe("genre");
  const band = { mark: "bar", encoding: { x: { field: "low" }, x2: { field: "high" } } };
  expect(axisField({ layer: [band, { mark: { type: "point" }, encoding: { x: { field: "median_roi" } } }] }, "x")).toBe("median_roi");
  expect([...drawnFields(spec)]).toEqual(["genre", "median_roi"]);
});

test("a row is a sentence of what is drawn, and a tooltip of everything", () => {
  const drawn = drawnFields(spec);
  expect(sentence(answer, answer.rows[0] ?? [], drawn)).toBe("Horror: median return 177% (150 to 210), 209 films");
  expect(linesOf(answer, answer.rows[2] ?? [])).toEqual([
    ["Coverage", "10%"],
    ["Films", "4"],
  ]);
});
