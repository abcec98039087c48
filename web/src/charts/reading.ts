import type { Answer, Column, Row } from "../api/schema";
import { filmsOf, nameOf, saidText, valueIn } from "../ui/cells";
import { formatCount, isNumeric } from "../ui/format";
import type { Line } from "./tooltip";

const MAX_LINES = 10;

/** Every value of a row by its label, for a tooltip. */
export function linesOf({ columns }: Pick<Answer, "columns">, row: Row): Line[] {
  return rest(columns)
    .filter((column) => column.format !== "url" && valueIn(columns, row, column.name) !== null)
    .slice(0, MAX_LINES)
    .map((column) => [column.label, saidText(columns, row, column)]);
}

/** A row as one sentence for the ear: "Horror: median return 177%, 209 films". Only what is drawn is said. */
export function sentence({ columns }: Pick<Answer, "columns">, row: Row, drawn: Set<string>): string {
  const shown = rest(columns).filter((column) => drawn.has(column.name) || column.low !== undefined);
  const parts = (shown.length > 0 ? shown : rest(columns)).slice(0, 5).map((column) => {
    const text = saidText(columns, row, column);
    return isNumeric(column.format) ? `${column.label.toLowerCase()} ${text}` : text;
  });
  const n = filmsOf(columns, row);
  const isSaid = shown.some((column) => column.name === "n_movies");
  if (n !== null && !isSaid) parts.push(n === 1 ? "1 film" : `${formatCount(n)} films`);
  return `${nameOf(columns, row)}: ${parts.join(", ")}`;
}

/** The columns after the name, without the ends of intervals, which are said with their value. */
function rest(columns: Column[]): Column[] {
  const ends = new Set(columns.flatMap(({ low, high }) => [low, high]));
  return columns.filter((column) => !column.hidden).filter(({ name }, index) => index > 0 && !ends.has(name));
}

/** The columns that a spec draws. */
export function drawnFields(spec: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === "object" && node !== null) {
      for (const [key, value] of Object.entries(node)) {
        if (key === "field" && typeof value === "string") found.add(value);
        else visit(value);
      }
    }
  };
  visit(spec);
  return found;
}
