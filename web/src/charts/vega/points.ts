import type { Column, Row } from "../../api/schema";
import type { Box } from "../../ui/place";

/** The field that says which row of the answer a datum is. */
export const ROW = "_row";

/** Where a row is drawn. */
export interface Point {
  row: number;
  /** Its foremost mark. */
  box: Box;
  /** All its marks: what a pointer hits. */
  hits: Box[];
  /** Marks without an extent of their own are hit from further away. */
  isDot: boolean;
}

/** The part of Vega's scene graph that is read here. */
export interface Item {
  x?: number;
  y?: number;
  bounds?: { x1: number; y1: number; x2: number; y2: number };
  datum?: Record<string, unknown>;
  items?: Mark[];
  _svg?: Element | null;
  opacity?: number;
}

export interface Mark {
  marktype: string;
  role?: string;
  items: Item[];
}

/** The foremost first. */
const FOREMOST = ["symbol", "arc", "rect", "line", "trail", "rule", "path", "shape", "text", "area"];
const NESTED = new Set(["line", "trail", "area"]);
const DOT_PX = 3;

/** Calls back for each mark that stands for data, with where its group begins. */
export function eachMark(group: Item, visit: (mark: Mark, x: number, y: number) => void, x = 0, y = 0): void {
  for (const mark of group.items ?? []) {
    if (mark.marktype === "group") {
      if (!["axis", "legend", "title"].some((part) => mark.role?.includes(part))) {
        for (const item of mark.items) eachMark(item, visit, x + (item.x ?? 0), y + (item.y ?? 0));
      }
    } else if (mark.role === "mark") {
      visit(mark, x, y);
    }
  }
}

/** Which row a mark's datum is; an aggregate is the first row that agrees with it in every column both have. */
export function rowOf(datum: Record<string, unknown> | undefined, columns: Column[], rows: Row[]): number | null {
  if (!datum) return null;
  if (typeof datum[ROW] === "number") return datum[ROW];
  const shared = columns.map((column, index) => ({ column, index })).filter(({ column }) => column.name in datum);
  if (!shared.some(({ column }) => column.format === "text" || column.format === "year")) return null;
  const found = rows.findIndex((row) => shared.every(({ column, index }) => row[index] === datum[column.name]));
  return found < 0 ? null : found;
}

/** Every row that is drawn, in reading order: line by line, or from left to right. */
export function pointsOf(root: Item, { columns, rows }: { columns: Column[]; rows: Row[] }, isByLine: boolean): Point[] {
  const points = new Map<number, Point & { rank: number }>();
  eachMark(root, (mark, x, y) => {
    const rank = FOREMOST.indexOf(mark.marktype);
    for (const item of mark.items) {
      const row = rowOf(item.datum, columns, rows);
      const box = boxOf(mark, item, x, y);
      if (row === null || !box) continue;
      const point = points.get(row);
      const isForemost = !point || rank < point.rank;
      const hits = mark.marktype === "area" ? [] : [box];
      points.set(row, {
        row,
        rank: isForemost ? rank : point.rank,
        box: isForemost ? box : point.box,
        hits: [...(point?.hits ?? []), ...hits],
        isDot: isForemost ? NESTED.has(mark.marktype) : point.isDot,
      });
    }
  });
  return [...points.values()].sort(isByLine ? byLine : byColumn);
}

function boxOf(mark: Mark, item: Item, x: number, y: number): Box | null {
  if (item.opacity === 0) return null;
  if (NESTED.has(mark.marktype)) {
    if (typeof item.x !== "number" || typeof item.y !== "number") return null;
    return { left: x + item.x - DOT_PX, right: x + item.x + DOT_PX, top: y + item.y - DOT_PX, bottom: y + item.y + DOT_PX };
  }
  const { bounds } = item;
  if (!bounds || !(bounds.x2 >= bounds.x1)) return null;
  return { left: x + bounds.x1, right: x + bounds.x2, top: y + bounds.y1, bottom: y + bounds.y2 };
}

const middle = (low: number, high: number) => Math.round((low + high) / 2);
const centreX = ({ box }: Point) => middle(box.left, box.right);
const centreY = ({ box }: Point) => middle(box.top, box.bottom);
const byLine = (a: Point, b: Point) => centreY(a) - centreY(b) || centreX(a) - centreX(b);
const byColumn = (a: Point, b: Point) => centreX(a) - centreX(b) || centreY(a) - centreY(b);

/** The row under a pointer: the smallest mark that has it inside, else the nearest one within reach. */
export function hit(points: Point[], x: number, y: number, reach: number): Point | null {
  let best: { point: Point; cost: number } | null = null;
  for (const point of points) {
    for (const box of point.hits.length > 0 ? point.hits : [point.box]) {
      const dx = Math.max(box.left - x, 0, x - box.right);
      const dy = Math.max(box.top - y, 0, y - box.bottom);
      // Along a line the pointer follows the columns: up and down counts little.
      const distance = point.isDot ? Math.hypot(dx, dy / 4) : Math.hypot(dx, dy);
      if (distance > reach) continue;
      const size = (box.right - box.left) * (box.bottom - box.top);
      const cost = distance > 0 ? 1e6 + distance : size / 1e6;
      if (!best || cost < best.cost) best = { point, cost };
    }
  }
  return best?.point ?? null;
}
