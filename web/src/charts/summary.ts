import type { Answer, Column, Row } from "../api/schema";
import { nameOf, saidText, valueIn } from "../ui/cells";
import { formatCount, formatShare, isNumeric } from "../ui/format";

type Spec = Record<string, unknown>;

/** What a chart shows, in a few sentences made from the answer: for those who do not see it, and above its table. */
export function summarized(answer: Answer, spec: Spec): string {
  const { columns, rows } = answer;
  const [x, y] = [column(answer, axisField(spec, "x")), column(answer, axisField(spec, "y"))];
  const axes = [x && `${x.label} from left to right`, y && `${y.label} from bottom to top`];
  if (y && !isNumeric(y.format)) axes[1] = `a line each for ${y.label.toLowerCase()}`;
  const said = axes.filter(Boolean);
  const value = [y, x].find((each): each is Column => each !== undefined && isNumeric(each.format) && each.format !== "year");
  const sentences = [
    said.length > 0 ? `It shows ${said.join(" and ")}.` : "",
    `${formatCount(rows.length)} ${rows.length === 1 ? "row" : "rows"}.`,
    value ? extremes(columns, rows, value) : "",
    `It rests on ${formatCount(answer.n)} of ${formatCount(answer.N)} films${answer.coverage === null ? "" : `, coverage ${formatShare(answer.coverage)}`}.`,
  ];
  return sentences.filter(Boolean).join(" ");
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

/** The first field that a spec puts on an axis. */
export function axisField(spec: Spec, axis: "x" | "y"): string | undefined {
  const encoding = spec.encoding as Record<string, { field?: string } | null> | undefined;
  const field = encoding?.[axis]?.field;
  if (typeof field === "string") return field;
  const inner = [spec.spec, ...((spec.layer ?? spec.hconcat ?? spec.vconcat ?? []) as unknown[])];
  for (const layer of inner) {
    const found = typeof layer === "object" && layer !== null ? axisField(layer as Spec, axis) : undefined;
    if (found) return found;
  }
  return undefined;
}
