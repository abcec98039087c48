import { valueOf } from "../app/address";
import type { Order } from "../ui/data-table";

/** The place in the address, which no page's parameter may have: `films.-roi,returns.title` sorts two tables, the first from the greatest down. */
export const ORDER = "order";

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
  return valueOf(query, ORDER).split(",").filter(Boolean);
}
