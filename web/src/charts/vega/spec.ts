import type { Answer, Column, Format } from "../../api/schema";
import type { Theme } from "../theme-colours";
import { config } from "./config";
import { isNumeric } from "../../ui/format";
import { wrapped } from "./wrap";

export type Spec = Record<string, unknown>;

/** How many labels a logarithmic axis takes before it only names the powers of ten. */
const MAX_LOG_TICKS = 7;

const SECONDARY = new Set(["x2", "y2"]);

/** How a drawing is to be made. */
export interface Look {
  theme: Theme;
  isNarrow: boolean;
  /** As wide as its place, if not said. */
  width?: number;
  /** A field to number the rows by, so that marks lead back to them. */
  rowField?: string;
}

/**
 * A page's spec with everything that the page leaves out: data, size, colours, and for every field its type,
 * title and number format from the query's columns.
 */
export function buildSpec(spec: Spec, answer: Pick<Answer, "columns" | "rows">, { theme, isNarrow, width, rowField }: Look): Spec {
  const values = answer.rows.map((row, index) => {
    const fields = answer.columns.map((column, at) => [column.name, row[at]]);
    return Object.fromEntries(rowField ? [...fields, [rowField, index]] : fields) as Spec;
  });
  const columns = new Map(answer.columns.map((column) => [column.name, column]));
  const drawn = logarithmic(completed(coloured(spec, theme) as Spec, columns), values) as Spec;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(isNarrow ? wrapped(drawn, values) : drawn),
    ...sized(drawn, width),
    data: { values },
    config: config(theme, isNarrow),
  };
}

/** A drawing of several plots has no width of its own: each of them brings one. */
function sized(spec: Spec, width: number | undefined): Spec {
  if (["facet", "hconcat", "vconcat", "concat", "repeat"].some((key) => key in spec) || hasFacetChannel(spec)) return {};
  return { width: width ?? "container", autosize: { type: "fit-x", contains: "padding" } };
}

function hasFacetChannel({ encoding }: Spec): boolean {
  return isObject(encoding) && ["facet", "row", "column"].some((channel) => channel in encoding);
}

const AXIS_PX = 44;

/** The least height a drawing takes, to keep its place until it is there. */
export function chartHeight({ height, encoding }: Spec, answer: Pick<Answer, "columns" | "rows">): number {
  if (typeof height === "number") return height + AXIS_PX;
  const step = isObject(height) && typeof height.step === "number" ? height.step : 0;
  const y = isObject(encoding) && isObject(encoding.y) ? encoding.y.field : undefined;
  const index = answer.columns.findIndex(({ name }) => name === y);
  return step * new Set(answer.rows.map((row) => row[index])).size + AXIS_PX;
}

function coloured(node: unknown, theme: Theme): unknown {
  if (typeof node === "string" && node.startsWith("$")) return theme[node.slice(1) as keyof Theme] ?? node;
  return mapped(node, (child) => coloured(child, theme));
}

function completed(node: unknown, columns: Map<string, Column>): unknown {
  if (!isObject(node)) return mapped(node, (child) => completed(child, columns));
  if (Array.isArray(node.layer)) node = { ...node, layer: titledOnce(node.layer as Spec[]) };
  const entries = Object.entries(node as Spec).map(([key, value]) => {
    if (key === "encoding" && isObject(value)) return [key, encoding(value, columns)];
    return [key, key === "transform" ? value : completed(value, columns)];
  });
  return Object.fromEntries(entries);
}

/** Layers share their axes, and their titles would be joined: the first title of a channel is the title of all. */
function titledOnce(layers: Spec[]): Spec[] {
  const titles = new Map<string, unknown>();
  for (const layer of layers) {
    for (const [channel, definition] of Object.entries((layer.encoding ?? {}) as Spec)) {
      if (isObject(definition) && "title" in definition && !titles.has(channel)) titles.set(channel, definition.title);
    }
  }
  return layers.map((layer) => {
    if (!isObject(layer.encoding)) return layer;
    const channels = Object.entries(layer.encoding).map(([channel, definition]) => {
      const isTitled = isObject(definition) && "field" in definition && titles.has(channel) && !SECONDARY.has(channel);
      return [channel, isTitled ? { ...definition, title: titles.get(channel) } : definition];
    });
    return { ...layer, encoding: Object.fromEntries(channels) };
  });
}

function encoding(channels: Spec, columns: Map<string, Column>): Spec {
  return Object.fromEntries(
    Object.entries(channels).map(([channel, definition]) => {
      const column = isObject(definition) ? columns.get(String(definition.field)) : undefined;
      if (!column || !isObject(definition) || SECONDARY.has(channel)) return [channel, definition];
      return [channel, withDefaults(channel, definition, column)];
    }),
  );
}

function withDefaults(channel: string, definition: Spec, column: Column): Spec {
  const isText = !isNumeric(column.format);
  const filled: Spec = { type: isText ? "nominal" : "quantitative", title: column.label, ...definition };
  if (channel === "x" || channel === "y") {
    const axis = isObject(definition.axis) ? definition.axis : {};
    filled.axis = { ...axisFormat(column.format), ...axis };
  }
  if (column.format === "year" && filled.type === "quantitative") {
    filled.scale = { zero: false, nice: false, ...(isObject(definition.scale) ? definition.scale : {}) };
  }
  return filled;
}

/** Gives logarithmic axes their ticks: Vega's own crowd each other. */
function logarithmic(node: unknown, values: Spec[]): unknown {
  if (isObject(node) && isObject(node.scale) && node.scale.type === "log" && "axis" in node) {
    const field = String(node.field);
    const numbers = values.map((value) => value[field]).filter((value): value is number => typeof value === "number" && value > 0);
    const scale = { nice: false, ...node.scale };
    return { ...node, scale, axis: { values: logTicks(numbers), ...(node.axis as Spec) } };
  }
  return mapped(node, (child) => logarithmic(child, values));
}

/** 1, 2, 5, 10 … within the numbers, or powers of ten alone when those are enough. */
export function logTicks(numbers: number[]): number[] {
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), 0);
  if (high === 0) return [];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    ticks.push(...[1, 2, 5].map((step) => step * 10 ** power));
  }
  const inside = ticks.filter((tick) => tick >= low * 0.9 && tick <= high * 1.1);
  if (inside.length <= MAX_LOG_TICKS) return inside;
  return inside.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6));
}

function axisFormat(format: Format): Spec {
  switch (format) {
    case "usd":
      // The SI suffix for a billion is G, which nobody uses for money.
      return { labelExpr: "replace(replace(format(datum.value, '$~s'), 'G', 'B'), 'k', 'K')" };
    case "percent":
      return { format: "~%" };
    case "multiple":
      return { labelExpr: "format(datum.value, ',~f') + '×'" };
    case "year":
      return { format: "d" };
    case "count":
    case "minutes":
    case "number":
      return { format: ",~f" };
    default:
      return {};
  }
}

function mapped(node: unknown, change: (child: unknown) => unknown): unknown {
  if (Array.isArray(node)) return node.map(change);
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value)]));
}

function isObject(node: unknown): node is Spec {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
