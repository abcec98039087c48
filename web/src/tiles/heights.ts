import type { Tile } from "../api/schema";
import { chartHeight } from "../charts/vega/spec";

/** What is kept for a chart whose lines nobody has counted yet. */
const USUAL_LINES = 14;
const TABLE_PX = 420;
const FIGURES_PX = 96;

function key(page: string, tile: Tile): string {
  return `filmstar.height.${page}.${tile.id}.${globalThis.innerWidth < 640 ? "narrow" : "wide"}`;
}

/** The height that a tile's body had when it was last seen, else a likely one: what comes then moves nothing. */
export function rememberedHeight(page: string, tile: Tile): number {
  try {
    const stored = Number(sessionStorage.getItem(key(page, tile)));
    if (stored > 0) return stored;
  } catch {
    // A browser that keeps nothing gets the likely height.
  }
  return likelyHeight(tile);
}

export function likelyHeight({ kind, spec }: Tile): number {
  if (kind === "numbers") return FIGURES_PX;
  if (kind === "table" || !spec) return TABLE_PX;
  const rows = Array.from({ length: USUAL_LINES }, (_, index) => [index]);
  const y = (spec.encoding as { y?: { field?: string } } | undefined)?.y?.field ?? "";
  return chartHeight(spec, { columns: [{ name: y, label: "", format: "text", hidden: false }], rows });
}

export function rememberHeight(page: string, tile: Tile, element: HTMLElement | null): void {
  if (!element) return;
  const observer = new ResizeObserver(([entry]) => {
    if (!element.isConnected) return observer.disconnect();
    if (!entry || !element.querySelector("[data-drawn]")) return;
    try {
      sessionStorage.setItem(key(page, tile), String(Math.round(entry.contentRect.height)));
    } catch {
      observer.disconnect();
    }
  });
  observer.observe(element);
}
