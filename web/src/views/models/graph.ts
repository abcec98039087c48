import type { ModelEntry, Models } from "../../api/schema";

/** The columns of the lineage, left to right. */
export const COLUMNS = ["Sources and seeds", "Staging", "Intermediate", "Marts", "Pages"] as const;

export interface GraphNode {
  /** A model's name, or `page:` and a page's. */
  id: string;
  label: string;
  /** Place in `COLUMNS`. */
  column: number;
  /** Null for a page. */
  model: ModelEntry | null;
}

export interface Edge {
  from: string;
  to: string;
}

export interface Graph {
  nodes: Map<string, GraphNode>;
  edges: Edge[];
  parents: Map<string, string[]>;
  children: Map<string, string[]>;
}

export function graphOf({ models, pages }: Models): Graph {
  const nodes = new Map<string, GraphNode>();
  for (const model of models) nodes.set(model.name, { id: model.name, label: model.name, column: columnOf(model), model });
  // A page whose body is a view reads no model.
  for (const page of pages.filter(({ depends_on }) => depends_on.length > 0)) nodes.set(pageId(page.name), { id: pageId(page.name), label: page.title, column: COLUMNS.length - 1, model: null });
  const edges = [
    ...models.flatMap((model) => model.depends_on.map((from) => ({ from, to: model.name }))),
    ...pages.flatMap((page) => page.depends_on.map((from) => ({ from, to: pageId(page.name) }))),
  ];
  return linked(nodes, edges);
}

export function pageId(name: string): string {
  return `page:${name}`;
}

export function hrefOf(id: string): string {
  return id.startsWith("page:") ? `/pages/${id.slice(5)}` : `/pages/models?${new URLSearchParams({ model: id })}`;
}

function columnOf({ layer, kind }: ModelEntry): number {
  if (kind === "source" || kind === "seed") return 0;
  if (layer.startsWith("staging")) return 1;
  return layer.startsWith("mart") ? 3 : 2;
}

/** Edges whose ends are both there, each once. */
function linked(nodes: Map<string, GraphNode>, edges: Edge[]): Graph {
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  const kept = edges.filter(({ from, to }) => {
    if (!nodes.has(from) || !nodes.has(to) || from === to || parents.get(to)?.includes(from)) return false;
    parents.set(to, [...(parents.get(to) ?? []), from]);
    children.set(from, [...(children.get(from) ?? []), to]);
    return true;
  });
  return { nodes, edges: kept, parents, children };
}

/** What can be reached from a node in so many steps, itself included. */
export function reach(steps: Map<string, string[]>, from: string, nSteps: number): Set<string> {
  const seen = new Set([from]);
  let border = [from];
  for (let step = 0; step < nSteps && border.length > 0; step += 1) {
    border = [...new Set(border.flatMap((id) => steps.get(id) ?? []))].filter((id) => !seen.has(id));
    for (const id of border) seen.add(id);
  }
  return seen;
}

/** The part of the graph around one node. */
export function around(graph: Graph, id: string, nUp: number, nDown: number): Graph {
  const kept = new Set([...reach(graph.parents, id, nUp), ...reach(graph.children, id, nDown)]);
  const nodes = new Map([...graph.nodes].filter(([other]) => kept.has(other)));
  return linked(nodes, graph.edges);
}

/** Everything a node is made from and everything made from it. */
export function lineageOf(graph: Graph, id: string): Set<string> {
  return new Set([...reach(graph.parents, id, Infinity), ...reach(graph.children, id, Infinity)]);
}
