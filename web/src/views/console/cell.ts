import type { Cell } from "../../api/schema";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });
const small = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** A column that is read as a number, by what stands in it: names of types differ between databases. */
export function isNumber(cells: Cell[]): boolean {
  const known = cells.filter((cell) => cell !== null);
  return known.length > 0 && known.every((cell) => typeof cell === "number");
}

/** Exact where it can be: the console rounds nothing but long fractions. Ids and years have no thousands. */
export function shownCell(cell: Exclude<Cell, null>, column: string): string {
  if (typeof cell === "object") return JSON.stringify(cell);
  if (typeof cell !== "number") return String(cell);
  if (Number.isInteger(cell) && /(^|_)(id|year|decade|key)$/.test(column)) return String(cell).replace("-", "−");
  const format = cell !== 0 && Math.abs(cell) < 0.01 ? small : grouped;
  return format.format(cell).replace("-", "−");
}
