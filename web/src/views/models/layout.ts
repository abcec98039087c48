import type { Graph } from "./graph";

export const ROW = 30;
const DUMMY_ROW = 12;
const GAP_X = 72;
const N_SWEEPS = 12;

export interface Placed {
  id: string;
  x: number;
  y: number;
  width: number;
}

export interface Route {
  from: string;
  to: string;
  path: string;
}

export interface Drawing {
  nodes: Placed[];
  routes: Route[];
  width: number;
  height: number;
}

/** A node, or the place where a long edge crosses a rank. */
interface Vertex {
  id: string;
  rank: number;
  isDummy: boolean;
  before: Vertex[];
  after: Vertex[];
  y: number;
}

/** Left to right by longest path, with crossings and bends kept few: Sugiyama's way in small. */
export function layered(graph: Graph, widthOf: (id: string) => number): Drawing {
  const { ranks, chains } = vertices(graph);
  for (let sweep = 0; sweep < N_SWEEPS; sweep += 1) order(ranks, sweep % 2 === 0);
  for (const rank of ranks) pack(rank, 0);
  for (let sweep = 0; sweep < N_SWEEPS; sweep += 1) straighten(ranks, sweep % 2 === 0);

  const widths = ranks.map((rank) => Math.max(0, ...rank.filter((vertex) => !vertex.isDummy).map(({ id }) => widthOf(id))));
  const lefts: number[] = [];
  widths.reduce((x, width) => (lefts.push(x), x + width + GAP_X), 0);
  const top = Math.min(...ranks.flat().map(({ y }) => y)) - ROW / 2;
  const nodes = ranks
    .flat()
    .filter((vertex) => !vertex.isDummy)
    .map(({ id, rank, y }) => ({ id, x: lefts[rank] ?? 0, y: y - top, width: widths[rank] ?? 0 }));
  const routes = chains.map((chain) => ({
    from: chain[0]?.id ?? "",
    to: chain.at(-1)?.id ?? "",
    path: curve(chain.map(({ rank, y }) => ({ left: lefts[rank] ?? 0, right: (lefts[rank] ?? 0) + (widths[rank] ?? 0), y: y - top }))),
  }));
  const bottom = Math.max(...ranks.flat().map(({ y }) => y)) + ROW / 2;
  const last = ranks.length - 1;
  return { nodes, routes, width: (lefts[last] ?? 0) + (widths[last] ?? 0), height: bottom - top };
}

function vertices(graph: Graph): { ranks: Vertex[][]; chains: Vertex[][] } {
  const rankOf = ranked(graph);
  const ranks: Vertex[][] = [];
  function add(id: string, rank: number, isDummy: boolean): Vertex {
    const vertex = { id, rank, isDummy, before: [], after: [], y: 0 };
    (ranks[rank] ??= []).push(vertex);
    return vertex;
  }
  const byId = new Map([...graph.nodes.keys()].sort().map((id) => [id, add(id, rankOf.get(id) ?? 0, false)]));
  const chains = graph.edges.map(({ from, to }) => {
    const [start, end] = [byId.get(from), byId.get(to)];
    if (!start || !end) return [];
    const chain = [start];
    for (let rank = start.rank + 1; rank < end.rank; rank += 1) chain.push(add("", rank, true));
    chain.push(end);
    chain.forEach((vertex, index) => {
      const next = chain[index + 1];
      if (!next) return;
      vertex.after.push(next);
      next.before.push(vertex);
    });
    return chain;
  });
  return { ranks, chains };
}

/** Longest path from the left; then what has room moves right, next to what it feeds. */
function ranked({ nodes, parents, children }: Graph): Map<string, number> {
  const ranks = new Map<string, number>();
  function fromLeft(id: string): number {
    const known = ranks.get(id);
    if (known !== undefined) return known;
    const rank = Math.max(-1, ...(parents.get(id) ?? []).map(fromLeft)) + 1;
    ranks.set(id, rank);
    return rank;
  }
  for (const id of nodes.keys()) fromLeft(id);
  for (const id of [...nodes.keys()].sort((a, b) => (ranks.get(b) ?? 0) - (ranks.get(a) ?? 0))) {
    const fed = (children.get(id) ?? []).map((child) => ranks.get(child) ?? 0);
    if (fed.length > 0) ranks.set(id, Math.min(...fed) - 1);
  }
  const least = Math.min(0, ...ranks.values());
  return new Map([...ranks].map(([id, rank]) => [id, rank - least]));
}

function order(ranks: Vertex[][], isForward: boolean): void {
  const place = new Map<Vertex, number>();
  for (const rank of ranks) rank.forEach((vertex, index) => place.set(vertex, index));
  for (const rank of isForward ? ranks : [...ranks].reverse()) {
    const wish = new Map(
      rank.map((vertex, index) => [vertex, mean((isForward ? vertex.before : vertex.after).map((other) => place.get(other) ?? 0)) ?? index]),
    );
    rank.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    rank.forEach((vertex, index) => place.set(vertex, index));
  }
}

/** Each vertex moves towards the middle of its neighbours, as far as the order leaves room. */
function straighten(ranks: Vertex[][], isForward: boolean): void {
  for (const rank of isForward ? ranks : [...ranks].reverse()) {
    const wishes = rank.map((vertex) => mean((isForward ? vertex.before : vertex.after).map(({ y }) => y)) ?? vertex.y);
    rank.forEach((vertex, index) => (vertex.y = wishes[index] ?? 0));
    // Pushed down only, a rank would drift; so the shift that this made is taken back from all.
    pack(rank, rank[0]?.y ?? 0);
    const drift = mean(rank.map((vertex, index) => vertex.y - (wishes[index] ?? 0))) ?? 0;
    for (const vertex of rank) vertex.y -= drift;
  }
}

function pack(rank: Vertex[], start: number): void {
  let end = start - ROW;
  for (const vertex of rank) {
    const half = (vertex.isDummy ? DUMMY_ROW : ROW) / 2;
    vertex.y = Math.max(vertex.y, end + half);
    end = vertex.y + half;
  }
}

function mean(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function curve(points: { left: number; right: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let [x, y] = [first.right, first.y];
  let path = `M${x} ${y}`;
  rest.forEach((point, index) => {
    const bend = (point.left - x) / 2;
    path += `C${x + bend} ${y} ${point.left - bend} ${point.y} ${point.left} ${point.y}`;
    // A long edge runs level past the nodes of the ranks between.
    if (index < rest.length - 1) path += `H${point.right}`;
    [x, y] = [point.right, point.y];
  });
  return path;
}
