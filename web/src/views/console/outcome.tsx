import { formatCount } from "../../ui/format";
import type { Ran } from "./console-view";
import { csvOf, download } from "./csv";
import { errorPlace, type Place } from "./error-place";
import { ResultTable } from "./result-table";

interface Props {
  ran: Ran | null;
  isRunning: boolean;
  /** The editor no longer holds what was run. */
  isChanged: boolean;
  onPlace: (place: Place) => void;
}

export function Outcome({ ran, isRunning, isChanged, onPlace }: Props) {
  return (
    <section class="outcome" aria-label="Result" aria-busy={isRunning}>
      <p class="outcome-status" role="status">
        {isRunning ? "Running…" : ran?.answer ? said(ran.answer) : ran ? "" : "The result comes here."}
        {ran && isChanged && !isRunning && <span> It answers the statement before your change.</span>}
      </p>
      {ran?.problem && <Refused ran={ran} onPlace={isChanged ? null : onPlace} />}
      {ran?.answer && (
        <div class={isRunning ? "outcome-stale" : undefined}>
          {ran.answer.is_truncated && (
            <p class="outcome-cut">
              Only the first {formatCount(ran.answer.rows.length)} rows are shown: the console gives no more. Aggregate, filter or add a{" "}
              <code>limit</code>; <code>filmstar export</code> writes whole tables.
            </p>
          )}
          {ran.answer.rows.length === 0 ? (
            <p class="tile-message">The statement ran and gave no rows.</p>
          ) : (
            <ResultTable key={ran.answer.build_id + ran.sql} answer={ran.answer} />
          )}
          <button type="button" class="view-button outcome-csv" onClick={() => ran.answer && download("filmstar-console.csv", csvOf(ran.answer, ran.sql))}>
            CSV
          </button>
        </div>
      )}
    </section>
  );
}

function said({ rows, elapsed_ms, build_id, is_truncated }: NonNullable<Ran["answer"]>): string {
  const n = `${is_truncated ? "First " : ""}${formatCount(rows.length)} ${rows.length === 1 ? "row" : "rows"}`;
  return `${n} in ${formatCount(elapsed_ms)} ms, from build ${build_id}.`;
}

function Refused({ ran, onPlace }: { ran: Ran; onPlace: ((place: Place) => void) | null }) {
  const { problem } = ran;
  if (!problem) return null;
  const place = errorPlace(problem.message);
  return (
    <div class="tile-message" role="alert">
      <pre class="outcome-error">{problem.message}</pre>
      {problem.hint && <p>Hint: {problem.hint}</p>}
      {place && onPlace && (
        <button type="button" class="link-button" onClick={() => onPlace(place)}>
          Go to line {place.line}
          {place.column === null ? "" : `, column ${place.column}`}
        </button>
      )}
    </div>
  );
}
