import type { Problem } from "../api/client";

/** What went wrong, in the server's words, and what to do. */
export function Trouble({ problem }: { problem: Problem }) {
  return (
    <div class="tile-message" role="alert">
      <p>
        <strong>{problem.message.replace(/\.$/, "")}.</strong>
      </p>
      {problem.hint && <p>Hint: {problem.hint}</p>}
    </div>
  );
}
