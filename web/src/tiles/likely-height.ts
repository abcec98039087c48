import type { Tile } from "../api/schema";
import { chartHeight } from "../charts/vega/spec";

/** What is kept for a chart whose lines nobody has counted yet. */
const USUAL_LINES = 14;
const TABLE_PX = 420;
/** A line of figures, and what one figure needs beside others; as in tiles.css. */
const FIGURES_PX = { height: 72, gap: 20, width: 168 };
/** What the sides of a page take. */
const SIDES_PX = 32;
/** Between two figures. */
const GAP_PX = 32;

/** About how much room a tile's body will take in a window of a width. */
export function likelyHeight({ kind, spec, columns }: Pick<Tile, "kind" | "spec" | "columns">, width: number): number {
  if (kind === "numbers") {
    const nFigures = columns.filter(({ hidden }) => !hidden).length;
    const nLines = Math.ceil(nFigures / Math.max(1, Math.floor((width - SIDES_PX + GAP_PX) / FIGURES_PX.width)));
    return nLines * (FIGURES_PX.height + FIGURES_PX.gap) - FIGURES_PX.gap + 8;
  }
  if (kind === "table" || !spec) return TABLE_PX;
  const rows = Array.from({ length: USUAL_LINES }, (_, index) => [index]);
  const y = (spec.encoding as { y?: { field?: string } } | undefined)?.y?.field ?? "";
  return chartHeight(spec, { columns: [{ name: y, label: "", format: "text", hidden: false }], rows });
}
