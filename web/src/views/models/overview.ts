import { COLUMNS, type Graph } from "./graph";
import type { Drawing, Placed } from "./layout";

const ROW = 21;
const GAP_X = 54;
const HEAD = 30;

/** All models, a column a layer: every name can be read without zooming. */
export function overview(graph: Graph, widthOf: (id: string) => number): Drawing & { heads: { label: string; x: number }[] } {
  const depth = depths(graph);
  const place = new Map<string, number>();
  const columns = COLUMNS.map((_, column) => {
    const ids = [...graph.nodes.values()].filter((node) => node.column === column).map(({ id }) => id);
    const wish = (id: string) => {
      const before = (graph.parents.get(id) ?? []).map((parent) => place.get(parent)).filter((at) => at !== undefined);
      return before.length === 0 ? 1 : before.reduce((sum, at) => sum + at, 0) / before.length;
    };
    const key = new Map(ids.map((id) => [id, wish(id)]));
    ids.sort((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0) || (key.get(a) ?? 0) - (key.get(b) ?? 0) || a.localeCompare(b));
    ids.forEach((id, index) => place.set(id, (index + 0.5) / ids.length));
    return ids;
  });
  const tallest = Math.max(1, ...columns.map((ids) => ids.length));
  const nodes: Placed[] = [];
  const heads: { label: string; x: number }[] = [];
  let x = 0;
  columns.forEach((ids, column) => {
    if (ids.length === 0) return;
    const width = Math.max(...ids.map(widthOf));
    // Short columns are spread over the height, so that edges stay level.
    const step = Math.max(ROW, Math.min((tallest * ROW) / ids.length, ROW * 2.5));
    const top = HEAD + (tallest * ROW - step * ids.length) / 2;
    heads.push({ label: COLUMNS[column] ?? "", x });
    ids.forEach((id, index) => nodes.push({ id, x, y: top + step * (index + 0.5), width }));
    x += width + GAP_X;
  });
  const at = new Map(nodes.map((node) => [node.id, node]));
  const routes = graph.edges.flatMap(({ from, to }) => {
    const [start, end] = [at.get(from), at.get(to)];
    return start && end ? [{ from, to, path: path(start, end) }] : [];
  });
  return { nodes, routes, heads, width: x - GAP_X, height: HEAD + tallest * ROW };
}

/** Longest way to a node inside its own column. */
function depths({ nodes, parents }: Graph): Map<string, number> {
  const found = new Map<string, number>();
  function depth(id: string): number {
    const known = found.get(id);
    if (known !== undefined) return known;
    const inside = (parents.get(id) ?? []).filter((parent) => nodes.get(parent)?.column === nodes.get(id)?.column);
    const value = Math.max(-1, ...inside.map(depth)) + 1;
    found.set(id, value);
    return value;
  }
  for (const id of nodes.keys()) depth(id);
  return found;
}

/** From the right side to the left side; inside a column a bow on its right, and back to an earlier one the other way. */
function path(start: Placed, end: Placed): string {
  const from = start.x + start.width;
  if (start.x === end.x) {
    const bow = from + Math.min(GAP_X * 0.7, 12 + Math.abs(end.y - start.y) / 14);
    return `M${from} ${start.y}C${bow} ${start.y} ${bow} ${end.y} ${from} ${end.y}`;
  }
  if (end.x < start.x) {
    const [left, right] = [end.x + end.width, start.x];
    const middle = (left + right) / 2;
    return `M${right} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${left} ${end.y}`;
  }
  const bend = (end.x - from) / 2;
  return `M${from} ${start.y}C${from + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`;
}
