import type { ConsoleAnswer } from "../../api/schema";

const ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/** The result as a file that says where it comes from; RFC 4180 after the lines that begin with `#`. */
export function csvOf({ columns, rows, build_id, is_truncated }: ConsoleAnswer, sql: string): string {
  const head = [ATTRIBUTION, `build_id: ${build_id}`, ...(is_truncated ? [`the first ${rows.length} rows`] : []), ...sql.split("\n")];
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map((cell) => (cell === null ? "" : text(cell))))];
  return [...head.map((line) => `# ${line}`), ...lines.map((line) => line.map(quoted).join(","))].join("\r\n") + "\r\n";
}

function text(cell: unknown): string {
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

function quoted(field: string): string {
  return /["\n\r,]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** Hands a text to the browser as a file; nothing goes to the server. */
export function download(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
