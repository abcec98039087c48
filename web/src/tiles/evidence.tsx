import type { Answer, Page, Tile } from "../api/schema";
import { formatCount, formatDate, formatShare } from "../ui/format";

interface Props {
  answer: Answer | null;
  page: Page;
  scope: Tile["scope"];
}

/**
 * How sure the numbers are: films used, coverage, age of the data. Its lines are kept before they are known.
 * The page of one person or film has no n of N: the films of the whole catalogue say nothing there.
 */
export function Evidence({ answer, page, scope }: Props) {
  return (
    <p class="evidence">
      {!page.subject && scope === "catalogue" && <span class="evidence-scope">all films, not filtered</span>}
      {!page.subject && (answer ? <Known answer={answer} /> : <span class="evidence-count">&nbsp;</span>)}
      <span class="evidence-date">{answer?.as_of ? `as of ${formatDate(answer.as_of)}` : "\u00a0"}</span>
    </p>
  );
}

function Known({ answer }: { answer: Answer }) {
  const { n, N, coverage } = answer;
  return (
    <>
      <span class="evidence-count">{countText(answer)}</span>
      {coverage !== null && n < N && (
        <span class={`coverage coverage-${coverageLevel(coverage)}`}>
          coverage {formatShare(coverage)}
          {COVERAGE_WORDS[coverageLevel(coverage)]}
        </span>
      )}
      {answer.is_truncated && <span class="coverage coverage-low">first {formatCount(answer.rows.length)} rows</span>}
    </>
  );
}

/** Films used, of the films there are; all of them need no coverage. */
function countText({ n, N }: Answer): string {
  return n === N ? `all ${formatCount(N)} films` : `${formatCount(n)} of ${formatCount(N)} films`;
}

const COVERAGE_WORDS = { low: ", low", fair: ", partial", good: "" };

export function coverageLevel(coverage: number): "low" | "fair" | "good" {
  if (coverage < 0.2) return "low";
  return coverage < 0.4 ? "fair" : "good";
}

/** The same in one line of text, for pictures. */
export function evidenceText(answer: Answer, page: Page): string {
  const { n, N, coverage, as_of } = answer;
  const parts = [
    page.subject ? "" : countText(answer),
    page.subject || coverage === null || n === N ? "" : `coverage ${formatShare(coverage)}${COVERAGE_WORDS[coverageLevel(coverage)]}`,
    as_of ? `as of ${formatDate(as_of)}` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
