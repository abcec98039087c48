import type { Answer } from "../api/schema";
import { formatCount, formatDate, formatShare } from "../ui/format";

/** How sure the numbers are: films used, coverage, age of the data. */
export function Evidence({ answer }: { answer: Answer }) {
  const { n, N, coverage, as_of } = answer;
  return (
    <p class="evidence">
      <span class="evidence-count">
        {formatCount(n)} of {formatCount(N)} films
      </span>
      {coverage !== null && (
        <span class={`coverage coverage-${coverageLevel(coverage)}`}>coverage {formatShare(coverage)}</span>
      )}
      {as_of && <span>as of {formatDate(as_of)}</span>}
      {answer.is_truncated && <span class="coverage coverage-low">first {formatCount(answer.rows.length)} rows</span>}
    </p>
  );
}

export function coverageLevel(coverage: number): "low" | "fair" | "good" {
  if (coverage < 0.2) return "low";
  return coverage < 0.4 ? "fair" : "good";
}
