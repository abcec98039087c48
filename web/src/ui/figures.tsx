import type { Answer } from "../api/schema";
import { entityUrl, said } from "./cells";
import { isNumeric } from "./format";

/** One row as large figures. */
export function Figures({ answer }: { answer: Answer }) {
  const { columns } = answer;
  const row = answer.rows[0] ?? [];
  return (
    <dl class="figures">
      {columns
        .filter((column) => !column.hidden)
        .map((column) => {
          const { text, interval, isSmall } = said(columns, row, column);
          const href = entityUrl(columns, row, column);
          return (
            <div key={column.name} class={isNumeric(column.format) ? undefined : "figure-text"}>
              <dt>{column.label}</dt>
              <dd>
                {href ? <a href={href}>{text}</a> : text}
                {(interval || isSmall) && (
                  <span class="figure-more">
                    {interval}
                    {isSmall && " small sample"}
                  </span>
                )}
              </dd>
            </div>
          );
        })}
    </dl>
  );
}
