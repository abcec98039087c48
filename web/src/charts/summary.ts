import type { Answer, Column, Row } from "../api/schema";
import { nameOf, saidText, valueIn } from "../ui/cells";
import { formatCount, formatShare, isNumeric } from "../ui/format";

type Spec = Record<string, unknown>;

/** What a chart shows, in a few sentences made from the answer: for those who do not see it, and above its table. */
export function summarized(answer: Answer, spec: Spec): string {
  const { columns, rows } = answer;
  const [x, y] = [column(answer, axisField(spec, "x")), column(answer, axisField(spec, "y"))];
  const value = [y, x].find((each): each is Column => each !== undefined && isValue(each));
  const sentences = [
    axes(x, y),
    `${formatCount(rows.length)} ${rows.length === 1 ? "row" : "rows"}.`,
    value ? extremes(columns, rows, value) : "",
    `It rests on ${formatCount(answer.n)} of ${formatCount(answer.N)} films${answer.coverage === null ? "" : `, coverage ${formatShare(answer.coverage)}`}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}

function isValue({ format }: Column): boolean {
  return isNumeric(format) && format !== "year";
}

/** "Median return by genre", "Gross against budget". */
function axes(x: Column | undefined, y: Column | undefined): string {
  if (!x || !y) return x || y ? `${(x ?? y)?.label}.` : "";
  if (isValue(x) && isValue(y)) return `${y.label} against ${x.label.toLowerCase()}.`;
  return isValue(y) ? `${y.label} by ${x.label.toLowerCase()}.` : `${x.label} by ${y.label.toLowerCase()}.`;
}

function extremes(columns: Column[], rows: Row[], value: Column): string {
  const known = rows.filter((row) => typeof valueIn(columns, row, value.name) === "number");
  if (known.length < 2) return "";
  const number = (row: Row) => valueIn(columns, row, value.name) as number;
  const highest = known.reduce((best, row) => (number(row) > number(best) ? row : best));
  const lowest = known.reduce((best, row) => (number(row) < number(best) ? row : best));
  const what = value.label.toLowerCase();
  return `Highest ${what}: ${named(columns, highest)}, ${saidText(columns, highest, value)}; lowest: ${named(columns, lowest)}, ${saidText(columns, lowest, value)}.`;
}

/** A row's first column, with the words of the others that tell rows of the same name apart. */
function named(columns: Column[], row: Row): string {
  const others = columns.filter((each) => !each.hidden).slice(1);
  const words = others.filter((each) => each.format === "text" && !each.link).slice(0, 1);
  return [nameOf(columns, row), ...words.map((each) => saidText(columns, row, each))].join(", ");
}

function column(answer: Answer, name: string | undefined): Column | undefined {
  return answer.columns.find((each) => each.name === name);
}

/** Which of several layers shows the value, the first first: the ends of intervals and bands are drawn behind it. */
const TELLING = ["point", "circle", "square", "tick", "line", "bar", "rect", "rule", "area"];

interface Drawn {
  mark?: string | { type?: string };
  encoding?: Record<string, { field?: unknown } | null | undefined>;
  spec?: Drawn;
  layer?: Drawn[];
  hconcat?: Drawn[];
  vconcat?: Drawn[];
}

/** The field that a spec puts on an axis; of several, that of the most telling mark. */
export function axisField(spec: Spec, axis: "x" | "y"): string | undefined {
  return fieldsOn(spec as Drawn, axis).sort((a, b) => a.rank - b.rank)[0]?.field;
}

function fieldsOn(drawn: Drawn, axis: "x" | "y"): { field: string; rank: number }[] {
  const { encoding, mark } = drawn;
  const field = encoding?.[axis]?.field;
  const kind = TELLING.indexOf(typeof mark === "string" ? mark : (mark?.type ?? ""));
  const isEnd = encoding?.[`${axis}2`] !== undefined;
  const own = typeof field === "string" ? [{ field, rank: (isEnd ? TELLING.length : 0) + (kind < 0 ? TELLING.length : kind) }] : [];
  const inner = [drawn.spec, ...(drawn.layer ?? []), ...(drawn.hconcat ?? []), ...(drawn.vconcat ?? [])];
  return [...own, ...inner.flatMap((each) => (each ? fieldsOn(each, axis) : []))];
}
