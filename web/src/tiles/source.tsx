import { useState } from "preact/hooks";
import type { Answer } from "../api/schema";
import { formatTime } from "../ui/format";

/** How the numbers are computed: the models and the query, ready to paste. */
export function Source({ answer }: { answer: Answer }) {
  const [isCopied, setIsCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(answer.sql);
    setIsCopied(true);
  }
  return (
    <details class="source">
      <summary>How is this computed?</summary>
      <p>
        From the models{" "}
        {answer.models.map((model, index) => (
          <>
            {index > 0 && ", "}
            <code>{model}</code>
          </>
        ))}
        , build <code>{answer.build_id}</code> of {formatTime(answer.built_at)}.
      </p>
      <div class="source-code">
        <button type="button" onClick={copy}>
          {isCopied ? "Copied" : "Copy SQL"}
        </button>
        <pre tabIndex={0} aria-label="SQL of this tile">
          <code>{answer.sql}</code>
        </pre>
      </div>
    </details>
  );
}
