import { valueOf } from "../app/address";

/** The place in the address: `films.-roi,returns.title` sorts two tables, the first from the greatest down. */
export const SORT = "sort";

/** What a table is sorted by. */
export interface Order {
  column: string;
  isDescending: boolean;
}

export function orderOf(query: string, tile: string): Order | null {
  const own = parts(query).find((part) => part.startsWith(`${tile}.`));
  const column = own?.slice(tile.length + 1) ?? "";
  const isDescending = column.startsWith("-");
  const name = isDescending ? column.slice(1) : column;
  return name ? { column: name, isDescending } : null;
}

/** The address's value with one table sorted anew. */
export function ordersWith(query: string, tile: string, { column, isDescending }: Order): string {
  const others = parts(query).filter((part) => !part.startsWith(`${tile}.`));
  return [...others, `${tile}.${isDescending ? "-" : ""}${column}`].sort().join(",");
}

function parts(query: string): string[] {
  return valueOf(query, SORT).split(",").filter(Boolean);
}
