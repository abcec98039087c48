import type { Answer, Column, Format } from "../../api/schema";
import type { Theme } from "../theme-colours";
import { config } from "./config";

export type Spec = Record<string, unknown>;

const SECONDARY = new Set(["x2", "y2"]);

/**
 * A page's spec with everything that the page leaves out: data, size, colours, and for every field its type,
 * title and number format from the query's columns.
 */
export function buildSpec(spec: Spec, answer: Pick<Answer, "columns" | "rows">, theme: Theme, isNarrow: boolean): Spec {
  const columns = new Map(answer.columns.map((column) => [column.name, column]));
  const values = answer.rows.map((row) => Object.fromEntries(answer.columns.map((column, index) => [column.name, row[index]])));
  const drawn = completed(coloured(spec, theme) as Spec, columns) as Spec;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...drawn,
    width: "container",
    autosize: { type: "fit-x", contains: "padding" },
    data: { values },
    config: config(theme, isNarrow),
  };
}

function coloured(node: unknown, theme: Theme): unknown {
  if (typeof node === "string" && node.startsWith("$")) return theme[node.slice(1) as keyof Theme] ?? node;
  return mapped(node, (child) => coloured(child, theme));
}

function completed(node: unknown, columns: Map<string, Column>): unknown {
  if (!isObject(node)) return mapped(node, (child) => completed(child, columns));
  const entries = Object.entries(node).map(([key, value]) => {
    if (key === "encoding" && isObject(value)) return [key, encoding(value, columns)];
    return [key, key === "transform" ? value : completed(value, columns)];
  });
  return Object.fromEntries(entries);
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
  const isText = column.format === "text" || column.format === "date";
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

function axisFormat(format: Format): Spec {
  switch (format) {
    case "usd":
      // The SI suffix for a billion is G, which nobody uses for money.
      return { labelExpr: "replace(replace(format(datum.value, '$~s'), 'G', 'B'), 'k', 'K')" };
    case "percent":
      return { format: "~%" };
    case "multiple":
      return { labelExpr: "format(datum.value, '~g') + '×'" };
    case "year":
      return { format: "d" };
    case "count":
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
