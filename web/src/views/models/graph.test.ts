import { expect, test } from "vitest";
import type { ModelEntry, Models } from "../../api/schema";
import { around, graphOf, lineageOf } from "./graph";
import { layered, ROW } from "./layout";
import { overview } from "./overview";

function model(name: string, layer: string, depends_on: string[] = []): ModelEntry {
  const tests = { pass: 1, warn: 0, fail: 0, skip: 0 };
  const kind = layer === "sources" ? "source" : "model";
  return { name, layer, kind, materialized: "table", group: null, access: null, description: "", depends_on, tests, seconds: 1, is_public: true };
}

const MODELS: Models = {
  build_id: "b",
  built_at: "2026-11-24T00:00:00Z",
  models: [
    model("raw", "sources"),
    model("stg", "staging", ["raw"]),
    model("int_a", "intermediate", ["stg"]),
    model("int_b", "intermediate", ["int_a", "stg"]),
    model("mart", "marts", ["int_b", "stg", "gone"]),
    model("other", "marts", ["int_a"]),
  ],
  pages: [{ name: "genres", title: "Genres", depends_on: ["mart"] }],
};

test("pages close the graph, and an edge to nowhere is left out", () => {
  const graph = graphOf(MODELS);
  expect(graph.nodes.get("page:genres")?.column).toBe(4);
  expect(graph.parents.get("mart")).toEqual(["int_b", "stg"]);
});

test("the part around a node grows by steps", () => {
  const graph = graphOf(MODELS);
  expect([...around(graph, "int_b", 1, 1).nodes.keys()].sort()).toEqual(["int_a", "int_b", "mart", "stg"]);
  expect([...around(graph, "int_b", 0, 2).nodes.keys()].sort()).toEqual(["int_b", "mart", "page:genres"]);
  expect([...lineageOf(graph, "int_b")]).not.toContain("other");
});

test("every edge leads to the right, and no two nodes of a rank overlap", () => {
  const graph = graphOf(MODELS);
  const { nodes, routes } = layered(graph, () => 100);
  const at = new Map(nodes.map((node) => [node.id, node]));
  expect(routes).toHaveLength(graph.edges.length);
  for (const { from, to } of routes) expect(at.get(from)?.x).toBeLessThan(at.get(to)?.x ?? 0);
  for (const a of nodes) {
    for (const b of nodes) if (a !== b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(ROW - 0.01);
  }
});

test("the overview has a column for each layer that there is", () => {
  const { nodes, heads } = overview(graphOf(MODELS), () => 100);
  expect(heads.map(({ label }) => label)).toEqual(["Sources and seeds", "Staging", "Intermediate", "Marts", "Pages"]);
  expect(new Set(nodes.map(({ x }) => x)).size).toBe(5);
  const y = (id: string) => nodes.find((node) => node.id === id)?.y ?? 0;
  expect(y("int_a")).toBeLessThan(y("int_b"));
});
