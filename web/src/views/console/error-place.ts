/** Where a database says that a statement is wrong; both count from 1. */
export interface Place {
  line: number;
  column: number | null;
}

/** Reads `LINE 3: …` and the caret under it, as DuckDB writes them, and `line 3: …`, as the server says it for PostgreSQL. */
export function errorPlace(message: string): Place | null {
  const lines = message.split("\n");
  const at = lines.findIndex((line) => /^\s*line \d+:/i.test(line));
  const match = /^(\s*line (\d+): ?)(.*)$/i.exec(lines[at] ?? "");
  if (!match) return null;
  const caret = lines[at + 1]?.indexOf("^") ?? -1;
  // A long line is cut in front, and then the caret's column is that of the excerpt.
  const isCut = match[3]?.startsWith("...") ?? false;
  const column = caret >= 0 && !isCut ? caret - (match[1]?.length ?? 0) + 1 : null;
  return { line: Number(match[2]), column: column !== null && column > 0 ? column : null };
}

/** The offset in the text where the place is. */
export function offsetOf(text: string, { line, column }: Place): number {
  const before = text.split("\n").slice(0, line - 1);
  const start = before.reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, start + (column ?? 1) - 1);
}
