import { useState } from "preact/hooks";
import { tokens } from "./highlight";

/** A statement in colour, folded away until it is wanted. */
export function SqlCode({ title, sql }: { title: string; sql: string }) {
  const [said, setSaid] = useState("Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(sql);
      setSaid("Copied");
    } catch {
      setSaid("The browser forbids it");
    }
  }
  return (
    <details class="sql-code">
      <summary>{title}</summary>
      <div>
        <button type="button" class="view-button" onClick={copy}>
          <span role="status">{said}</span>
        </button>
        <pre tabIndex={0} role="region" aria-label={`SQL, ${title.toLowerCase()}`}>
          {tokens(sql.trim()).map(({ kind, text }, index) => (kind === "plain" ? text : <span key={index} class={`sql-${kind}`}>{text}</span>))}
        </pre>
      </div>
    </details>
  );
}
