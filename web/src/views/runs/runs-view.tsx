import "../../styles/views.css";
import "../../styles/runs.css";
import { fetchRuns } from "../../api/client";
import type { Run } from "../../api/schema";
import { formatCount, formatTime } from "../../ui/format";
import { Trouble } from "../trouble";
import { useLoaded } from "../use-loaded";
import { Verdicts } from "../verdicts";
import { formatDuration } from "./duration";
import { Durations } from "./durations";

const STATUS: Record<Run["status"], string> = {
  published: "Built, tested and published",
  withdrawn: "Published, then rolled back",
  succeeded: "Done",
  running: "At work",
  failed: "Failed",
  interrupted: "Stopped",
  killed: "Broken off: its process was killed",
  unfinished: "Being made, or broken off",
};

/** Every run, newest first, and what became of its build. */
export function RunsView() {
  const { value, problem } = useLoaded(fetchRuns, "runs");
  if (problem) return <Trouble problem={problem} />;
  if (!value) return <p class="tile-message">Reading the runs…</p>;
  if (value.runs.length === 0) {
    return (
      <p class="tile-message">
        No run was made yet. Make one with <code>filmstar run</code>.
      </p>
    );
  }
  return (
    <div class="runs">
      <Durations runs={value.runs} />
      <ol class="run-list">
        {value.runs.map((run) => (
          <RunEntry key={run.run_id ?? run.build_id} run={run} />
        ))}
      </ol>
    </div>
  );
}

function RunEntry({ run }: { run: Run }) {
  return (
    <li class={`run run-${mood(run)}`} aria-current={run.is_current ? "true" : undefined}>
      <div class="run-head">
        <h2>{run.started_at ? formatTime(run.started_at) : "At an unknown time"}</h2>
        <p class="run-status">
          {STATUS[run.status]}
          {run.is_current && <span class="badge">shown on these pages</span>}
        </p>
        {run.command && <code>filmstar {run.command}</code>}
        {run.build_id && <code>{run.build_id}</code>}
      </div>
      <dl class="run-facts">
        <div>
          <dt>Took</dt>
          <dd>{run.seconds === null ? "unknown" : formatDuration(run.seconds)}</dd>
        </div>
        <Count name="Films" number={run.n_movies_fetched} />
        <Count name="Requests" number={run.n_requests} />
        <Count name="Models" number={run.n_models} />
        {run.tests && (
          <div>
            <dt>Tests</dt>
            <dd>
              <Verdicts tests={run.tests} />
            </dd>
          </div>
        )}
      </dl>
      {run.error && (
        <div class="run-error">
          <p>{run.error}</p>
          {run.hint && <p class="run-hint">{run.hint}</p>}
        </div>
      )}
      {run.failures.length > 0 && <Failures run={run} />}
    </li>
  );
}

function Count({ name, number }: { name: string; number: number | null }) {
  if (number === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formatCount(number)}</dd>
    </div>
  );
}

function Failures({ run: { failures, tests } }: { run: Run }) {
  return (
    <details class="run-failures" open={(tests?.fail ?? 0) > 0 && failures.length <= 5}>
      <summary>
        {failures.length} {failures.length === 1 ? "message" : "messages"}
      </summary>
      <ul>
        {failures.map(({ name, message }, index) => (
          <li key={index}>
            <code>{name}</code>
            {message && <p>{message}</p>}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Colour follows the tests; the words stand beside it. */
export function mood({ status, tests }: Run): "good" | "warn" | "bad" {
  if (status === "failed" || status === "killed" || (tests?.fail ?? 0) > 0) return "bad";
  const isOver = status === "published" || status === "withdrawn" || status === "succeeded";
  return !isOver || (tests?.warn ?? 0) > 0 ? "warn" : "good";
}
