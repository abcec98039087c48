import type { TestCounts } from "../api/schema";
import { formatCount } from "../ui/format";

const WORDS: [keyof TestCounts, string][] = [
  ["fail", "failed"],
  ["warn", "warned"],
  ["skip", "not run"],
  ["pass", "passed"],
];

/** `2 failed, 31 passed`; what is zero is left out. */
export function verdictsInWords(tests: TestCounts): string {
  const parts = WORDS.filter(([verdict]) => tests[verdict] > 0).map(([verdict, word]) => `${formatCount(tests[verdict])} ${word}`);
  return parts.length === 0 ? "no tests" : parts.join(", ");
}

/** The worst verdict there is. */
export function worst(tests: TestCounts): keyof TestCounts | "none" {
  return WORDS.find(([verdict]) => tests[verdict] > 0)?.[0] ?? "none";
}

/** The counts behind a sign of the worst; the words say the same, so colour is never alone. */
export function Verdicts({ tests }: { tests: TestCounts }) {
  return (
    <span class={`verdict verdict-${worst(tests)}`}>
      <span class="verdict-sign" aria-hidden="true" />
      {verdictsInWords(tests)}
    </span>
  );
}
