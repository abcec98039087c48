import { useState } from "preact/hooks";
import type { ConsoleAnswer } from "../../api/schema";
import { sorted } from "../../ui/data-table";
import { isNumber, shownCell } from "./cell";

const STEP = 200;

/** The rows as the database gave them: types in the head, null told from an empty text. */
export function ResultTable({ answer: { columns, rows } }: { answer: ConsoleAnswer }) {
  const [sorting, setSorting] = useState<{ index: number; isDescending: boolean } | null>(null);
  const [nShown, setNShown] = useState(STEP);
  const isNumeric = columns.map((_, index) => isNumber(rows.map((row) => row[index] ?? null)));
  const ordered = sorting ? sorted(rows, sorting) : rows;
  function sort(index: number) {
    const isDescending = sorting?.index === index ? !sorting.isDescending : (isNumeric[index] ?? false);
    setSorting({ index, isDescending });
  }
  return (
    <>
      <div class="table-frame result-frame" tabIndex={0} role="region" aria-label="Result, table">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, type }, index) => (
                <th
                  key={index}
                  scope="col"
                  class={isNumeric[index] ? "number" : undefined}
                  aria-sort={sorting?.index === index ? (sorting.isDescending ? "descending" : "ascending") : undefined}
                >
                  <button type="button" onClick={() => sort(index)}>
                    {name}
                  </button>
                  <span class="result-type">{type.toLowerCase()}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.slice(0, nShown).map((row, key) => (
              <tr key={key}>
                {columns.map(({ name }, index) => {
                  const cell = row[index] ?? null;
                  return (
                    <td key={index} class={isNumeric[index] ? "number" : undefined}>
                      {cell === null ? <span class="null">null</span> : shownCell(cell, name)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > nShown && (
        <button type="button" class="more" onClick={() => setNShown(nShown + STEP)}>
          Show {Math.min(STEP, rows.length - nShown)} more of {rows.length} rows
        </button>
      )}
    </>
  );
}
