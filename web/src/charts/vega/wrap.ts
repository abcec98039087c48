import type { Spec } from "./spec";

/** What fits beside the bars of a narrow chart. */
const MAX_CHARACTERS = 20;
const LINE_PX = 13;
const GAP_PX = 5;

/** Breaks the names on the left of a narrow chart into lines, which would else be cut off alike. */
export function wrapped(spec: Spec, values: Spec[]): Spec {
  const { encoding, height } = spec as { encoding?: { y?: Spec }; height?: { step?: number } };
  const y = encoding?.y;
  if (!y || y.type !== "nominal" || !height?.step) return spec;
  const names = new Set(values.map((value) => String(value[String(y.field)])));
  const broken = [...names].map((name) => [name, lines(name)] as const).filter(([, parts]) => parts.length > 1);
  if (broken.length === 0) return spec;
  const nLines = Math.max(...broken.map(([, parts]) => parts.length));
  const labelExpr = `(${JSON.stringify(Object.fromEntries(broken))})[datum.value] || datum.label`;
  const axis = { ...(y.axis as Spec), labelExpr, labelLineHeight: LINE_PX };
  const step = Math.max(height.step, nLines * LINE_PX + GAP_PX);
  return { ...spec, height: { step }, encoding: { ...encoding, y: { ...y, axis } } };
}

/** Whole words to a line, as many as fit. */
export function lines(text: string): string[] {
  return text.split(" ").reduce<string[]>((kept, word) => {
    const last = kept.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= MAX_CHARACTERS) return [...kept.slice(0, -1), `${last} ${word}`];
    return [...kept, word];
  }, []);
}
