import type { Answer } from "../api/schema";
import { formatCell } from "./format";

/** One row as large figures. */
export function Figures({ answer }: { answer: Answer }) {
  const row = answer.rows[0] ?? [];
  return (
    <dl class="figures">
      {answer.columns.map((column, index) =>
        column.hidden ? null : (
          <div key={column.name}>
            <dt>{column.label}</dt>
            <dd>{formatCell(row[index] ?? null, column.format)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
