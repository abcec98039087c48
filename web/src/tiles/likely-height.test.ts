import { expect, test } from "vitest";
import type { Column } from "../api/schema";
import { likelyHeight } from "./likely-height";

const column: Column = { name: "n", label: "N", format: "count", hidden: false };
const columns = [column, column, column, column, { ...column, hidden: true }];

test("a tile's place is as high as its spec says, or as many lines as are usual", () => {
  expect(likelyHeight({ kind: "chart", columns, spec: { height: 300 } }, 1280)).toBe(344);
  expect(likelyHeight({ kind: "chart", columns, spec: { height: { step: 20 }, encoding: { y: { field: "genre" } } } }, 1280)).toBe(324);
});

test("figures stand in as many lines as the window is narrow", () => {
  expect(likelyHeight({ kind: "numbers", columns }, 1280)).toBe(80);
  expect(likelyHeight({ kind: "numbers", columns }, 360)).toBe(172);
});
