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
  failed: "Failed, never shown",
  unfinished: "Being made, or broken off",
};

/** Every build that is kept, newest first. */
export function RunsView() {
  const { value, problem } = useLoaded(fetchRuns, "runs");
  if (problem) return <Trouble problem={problem} />;
  if (!value) return <p class="tile-message">Reading the builds…</p>;
  if (value.runs.length === 0) {
    return (
      <p class="tile-message">
        Nothing was built yet. Run <code>filmstar ingest</code> and <code>filmstar build</code>.
      </p>
    );
  }
  return (
    <div class="runs">
      <Durations runs={value.runs} />
      <ol class="run-list">
        {value.runs.map((run) => (
          <Build key={run.build_id} run={run} />
        ))}
      </ol>
    </div>
  );
}

function Build({ run }: { run: Run }) {
  return (
    <li class={`run run-${mood(run)}`} aria-current={run.is_current ? "true" : undefined}>
      <div class="run-head">
        <h2>{run.started_at ? formatTime(run.started_at) : "At an unknown time"}</h2>
        <p class="run-status">
          {STATUS[run.status]}
          {run.is_current && <span class="badge">shown on these pages</span>}
        </p>
        <code>{run.build_id}</code>
      </div>
      <dl class="run-facts">
        <div>
          <dt>Took</dt>
          <dd>{run.seconds === null ? "unknown" : formatDuration(run.seconds)}</dd>
        </div>
        <div>
          <dt>Models</dt>
          <dd>{run.n_models === null ? "unknown" : formatCount(run.n_models)}</dd>
        </div>
        <div>
          <dt>Tests</dt>
          <dd>
            {run.tests ? <Verdicts tests={run.tests} /> : "unknown"}
          </dd>
        </div>
      </dl>
      {run.failures.length > 0 && <Failures run={run} />}
    </li>
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
  if (status === "failed" || (tests?.fail ?? 0) > 0) return "bad";
  return status === "unfinished" || (tests?.warn ?? 0) > 0 ? "warn" : "good";
}
