import { expect, test } from "vitest";
import { modelQuery } from "./follow";
import type { Graph } from "./graph";
import type { Placed } from "./layout";
import { neighbour } from "./neighbour";

const nodes: Placed[] = [
  { id: "near", x: 0, y: 40, width: 80 },
  { id: "far", x: 0, y: 300, width: 80 },
  { id: "here", x: 150, y: 60, width: 80 },
  { id: "below", x: 150, y: 90, width: 80 },
  { id: "page", x: 300, y: 60, width: 80 },
];
const graph = {
  parents: new Map([["here", ["far", "near"]]]),
  children: new Map([["here", ["page"]]]),
} as Graph;

test("arrows go along the edges to the sides, and up and down in a column", () => {
  const steps = ["ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp", "Enter"].map((key) => neighbour(graph, nodes, "here", key));
  expect(steps).toEqual(["near", "page", "below", null, null]);
  expect(neighbour(graph, nodes, "below", "ArrowUp")).toBe("here");
  expect(neighbour(graph, nodes, "below", "ArrowLeft")).toBeNull();
});

test("the next model keeps how much lineage is shown, and drops the list's filters", () => {
  expect(modelQuery("mart_movies", "up=2&q=genre&model=old")).toBe("model=mart_movies&up=2");
});
