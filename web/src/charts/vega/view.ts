import { Error as ERRORS_ONLY, View, logger, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { type TopLevelSpec, compile } from "vega-lite";
import type { Answer } from "../../api/schema";
import type { Spec } from "./spec";
import { tooltip } from "./tooltip";

/** Above this many marks one canvas is quicker than as many SVG elements. */
const MAX_SVG_ROWS = 1500;

/** Draws a completed spec; the result takes the drawing away again. */
export async function draw(element: HTMLElement, spec: Spec, answer: Answer): Promise<() => void> {
  const compiled = compile(spec as unknown as TopLevelSpec, { logger: logger(ERRORS_ONLY) }).spec;
  // Expressions are interpreted from their syntax tree: the content security policy forbids generated code.
  const runtime = parse(compiled, undefined, { ast: true });
  const hint = tooltip(element, answer.columns);
  const view = new View(runtime, {
    expr: expressionInterpreter,
    renderer: answer.rows.length > MAX_SVG_ROWS ? "canvas" : "svg",
    container: element,
    hover: false,
    tooltip: hint.show,
  } as ConstructorParameters<typeof View>[1]);
  await view.runAsync();
  // The slot is one image with one description; its parts would be read out as hundreds of nameless ones.
  element.querySelector("svg")?.setAttribute("aria-hidden", "true");
  element.dataset.drawn = "true";
  return () => {
    delete element.dataset.drawn;
    hint.dispose();
    view.finalize();
    element.replaceChildren();
  };
}
