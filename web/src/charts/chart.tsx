import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Row } from "../api/schema";
import { shown } from "../app/theme";
import { nameOf } from "../ui/cells";
import type { MenuItem } from "../ui/menu";
import { Interaction, type Marks } from "./interaction";
import { drawnFields, linesOf, sentence } from "./reading";
import { summarized } from "./summary";
import { readTheme } from "./theme-colours";
import { ROW } from "./vega/points";
import { buildSpec, chartHeight } from "./vega/spec";

interface Props {
  answer: Answer;
  spec: Record<string, unknown>;
  title: string;
  actionsOf: (row: Row) => MenuItem[];
  /** Which rows the address chooses; null when it chooses none. */
  isChosen: ((row: Row) => boolean) | null;
  onClear: (() => void) | null;
  onBrush: ((rows: number[]) => void) | null;
}

const NARROW_PX = 520;
const KEYS = "Arrow keys move over the marks, Enter acts on one, Space offers all that can be done, Escape leaves.";

/** A drawing; the library behind it is only loaded when the first one is near. */
export function Chart(props: Props) {
  const { answer, spec, title } = props;
  const slot = useRef<HTMLDivElement>(null);
  const drawing = useRef<HTMLDivElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [interaction, setInteraction] = useState<Interaction | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const colours = shown.value;

  useEffect(() => {
    const [frame, element, live] = [slot.current, drawing.current, said.current];
    if (!frame || !element || !live) return;
    let isCurrent = true;
    let started: Interaction | null = null;
    const isNarrow = frame.clientWidth < NARROW_PX;
    const full = buildSpec(spec, answer, { theme: readTheme(), isNarrow, rowField: ROW });
    const fields = drawnFields(spec);
    const rowAt = (row: number) => answer.rows[row] ?? [];
    const marks: Marks = {
      name: (row) => nameOf(answer.columns, rowAt(row)),
      sentence: (row) => sentence(answer, rowAt(row), fields),
      lines: (row) => linesOf(answer, rowAt(row)),
      actions: (row) => latest.current.actionsOf(rowAt(row)),
      clear: () => latest.current.onClear,
      brush: () => latest.current.onBrush,
    };
    import("./vega/view")
      .then(({ draw }) => draw(element, full, answer))
      .then(
        (finished) => {
          if (!isCurrent) return finished.dispose();
          started = new Interaction({ frame, live, drawing: finished, marks });
          frame.dataset.drawn = "true";
          frame.dataset.colours = colours;
          setInteraction(started);
        },
        (cause: unknown) => isCurrent && setFailure(String(cause)),
      );
    return () => {
      isCurrent = false;
      delete frame.dataset.drawn;
      started?.dispose();
      setInteraction(null);
    };
  }, [answer, spec, colours]);

  const { isChosen } = props;
  useEffect(() => {
    interaction?.choose(isChosen ? (row) => isChosen(answer.rows[row] ?? []) : null);
  }, [interaction, isChosen, answer]);

  if (failure) return <p class="tile-message">The chart could not be drawn ({failure}). The table has the numbers.</p>;
  return (
    <div
      class="chart"
      ref={slot}
      tabIndex={0}
      role="application"
      aria-roledescription="chart"
      aria-label={title}
      aria-description={`${summarized(answer, spec)} ${KEYS}`}
      style={{ "--reserved": `${chartHeight(spec, answer)}px` }}
    >
      <div class="chart-drawing" ref={drawing} />
      <p class="visually-hidden" aria-live="polite" ref={said} />
    </div>
  );
}
