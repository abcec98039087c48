import type { Run } from "../../api/schema";
import { formatTime } from "../../ui/format";
import { formatDuration } from "./duration";
import { mood } from "./runs-view";

const HEIGHT = 72;
const BAR = 14;
const GAP = 6;
/** A bar of nothing would not be seen. */
const LEAST = 2;

/** A bar a run, oldest first; the list below says the same in words. */
export function Durations({ runs }: { runs: Run[] }) {
  const known = runs.filter((run) => run.seconds !== null && run.started_at !== null).reverse();
  if (known.length < 2) return null;
  const longest = Math.max(...known.map((run) => run.seconds ?? 0));
  const width = known.length * (BAR + GAP) - GAP;
  return (
    <figure class="durations">
      <figcaption>
        How long each run took; the longest {formatDuration(longest)}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={summary(known)}>
        {known.map((run, index) => {
          const height = Math.max(LEAST, ((run.seconds ?? 0) / longest) * HEIGHT);
          return (
            <rect
              key={run.run_id ?? run.build_id}
              class={`duration-${mood(run)}${run.is_current ? " duration-current" : ""}`}
              x={index * (BAR + GAP)}
              y={HEIGHT - height}
              width={BAR}
              height={height}
            >
              <title>{`${formatTime(run.started_at ?? "")}: ${formatDuration(run.seconds ?? 0)}, ${run.status}`}</title>
            </rect>
          );
        })}
      </svg>
    </figure>
  );
}

function summary(runs: Run[]): string {
  const seconds = runs.map((run) => run.seconds ?? 0);
  const [first, last] = [runs[0], runs.at(-1)];
  return (
    `${runs.length} runs from ${formatTime(first?.started_at ?? "")} to ${formatTime(last?.started_at ?? "")}, ` +
    `between ${formatDuration(Math.min(...seconds))} and ${formatDuration(Math.max(...seconds))}`
  );
}
