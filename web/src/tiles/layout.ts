import type { Tile } from "../api/schema";

/** Where charts stand in pairs, those that would stand alone beside nothing take the whole line. */
export function alone(tiles: Pick<Tile, "id" | "kind">[]): Set<string> {
  const found = new Set<string>();
  let left: string | null = null;
  for (const { id, kind } of tiles) {
    if (kind === "chart") {
      left = left === null ? id : null;
    } else if (left !== null) {
      found.add(left);
      left = null;
    }
  }
  if (left !== null) found.add(left);
  return found;
}
