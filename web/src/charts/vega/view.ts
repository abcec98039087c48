import { Error as ERRORS_ONLY, View, logger, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { type TopLevelSpec, compile } from "vega-lite";
import type { Answer } from "../../api/schema";
import { isNumeric } from "../../ui/format";
import type { Box } from "../../ui/place";
import { axisField } from "../summary";
import { type Item, type Point, eachMark, pointsOf, rowOf } from "./points";
import type { Spec } from "./spec";

/** Above this many marks one canvas is quicker than as many SVG elements. */
const MAX_SVG_ROWS = 2500;
const FADED = 0.18;

export interface Drawing {
  /** Where every row is, in pixels of the drawing. */
  points: () => Point[];
  /** The plot without axes. */
  frame: () => Box;
  /** Lets the rows that are not chosen step back; null lets all stand. */
  choose: (isChosen: ((row: number) => boolean) | null) => void;
  onResize: (changed: () => void) => void;
  dispose: () => void;
}

export function viewOf(spec: Spec, options: Record<string, unknown>): View {
  const compiled = compile(spec as unknown as TopLevelSpec, { logger: logger(ERRORS_ONLY) }).spec;
  // Expressions are interpreted from their syntax tree: the content security policy forbids generated code.
  const runtime = parse(compiled, undefined, { ast: true });
  return new View(runtime, { expr: expressionInterpreter, hover: false, ...options } as ConstructorParameters<typeof View>[1]);
}

/** Draws a completed spec. */
export async function draw(element: HTMLElement, spec: Spec, answer: Answer): Promise<Drawing> {
  const y = answer.columns.find((column) => column.name === axisField(spec, "y"));
  const isByLine = y !== undefined && !isNumeric(y.format);
  const isCanvas = answer.rows.length > MAX_SVG_ROWS;
  const view = viewOf(spec, { renderer: isCanvas ? "canvas" : "svg", container: element });
  await view.runAsync();
  // The slot is one image with one description; its parts would be read out as hundreds of nameless ones.
  element.querySelector("svg")?.setAttribute("aria-hidden", "true");
  let points: Point[] | null = null;
  let chosen: ((row: number) => boolean) | null = null;
  let changed: (() => void) | null = null;

  function group(): Item {
    return (view.scenegraph() as unknown as { root: { items: Item[] } }).root.items[0] as Item;
  }

  function moved(box: Box): Box {
    const [x, y] = view.origin();
    const padding = view.padding() as { left: number; top: number };
    const [left, top] = [x + padding.left, y + padding.top];
    return { left: box.left + left, right: box.right + left, top: box.top + top, bottom: box.bottom + top };
  }

  function fade(): void {
    eachMark(group(), (mark) => {
      const rows = mark.items.map((item) => rowOf(item.datum, answer.columns, answer.rows));
      const isLine = mark.marktype === "line" || mark.marktype === "area" || mark.marktype === "trail";
      mark.items.forEach((item, index) => {
        if (isLine && index > 0) return;
        const own = (isLine ? rows : [rows[index] ?? null]).filter((row) => row !== null);
        const isFaded = chosen !== null && own.length > 0 && !own.some((row) => chosen?.(row));
        const node = item._svg as SVGElement | undefined;
        if (isFaded) node?.style.setProperty("opacity", String(FADED));
        else node?.style.removeProperty("opacity");
      });
    });
  }

  view.addResizeListener(() => {
    points = null;
    // The marks are where they will be once the view has run.
    view.runAfter(() => {
      fade();
      changed?.();
    });
  });

  return {
    points: () => {
      points ??= pointsOf(group(), answer, isByLine).map((point) => ({
        ...point,
        box: moved(point.box),
        hits: point.hits.map(moved),
      }));
      return points;
    },
    frame: () => moved({ left: 0, top: 0, right: view.width(), bottom: view.height() }),
    choose: (isChosen) => {
      chosen = isChosen;
      fade();
    },
    onResize: (listener) => {
      changed = listener;
    },
    dispose: () => {
      view.finalize();
      element.replaceChildren();
    },
  };
}
