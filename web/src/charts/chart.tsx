import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../api/schema";
import { shown } from "../app/theme";
import { readTheme } from "./theme-colours";
import { buildSpec } from "./vega/spec";

interface Props {
  answer: Answer;
  spec: Record<string, unknown>;
  title: string;
}

/** A drawing; the library behind it is only loaded when the first one is near. */
export function Chart({ answer, spec, title }: Props) {
  const slot = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const colours = shown.value;
  useEffect(() => {
    const element = slot.current;
    if (!element) return;
    let isCurrent = true;
    let dispose: (() => void) | undefined;
    const isNarrow = element.clientWidth < 520;
    const drawing = buildSpec(spec, answer, readTheme(), isNarrow);
    import("./vega/view")
      .then(({ draw }) => draw(element, drawing, answer))
      .then(
        (finished) => {
          if (isCurrent) dispose = finished;
          else finished();
        },
        (cause: unknown) => isCurrent && setFailure(String(cause)),
      );
    return () => {
      isCurrent = false;
      dispose?.();
    };
  }, [answer, spec, colours]);
  if (failure) return <p class="tile-message">The chart could not be drawn ({failure}). The table has the numbers.</p>;
  const summary = `${title}: chart of ${answer.rows.length} rows; the table has every value.`;
  return <div class="chart" ref={slot} role="img" aria-label={summary} />;
}
