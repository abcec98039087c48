import { useState } from "preact/hooks";
import type { Answer, Cell, Row } from "../api/schema";
import { TableCell } from "./table-cell";
import { nameOf } from "./cells";
import { isNumeric } from "./format";
import { type MenuItem, openMenu } from "./menu";

interface Sorting {
  index: number;
  isDescending: boolean;
}

/** What a table is sorted by. */
export interface Order {
  column: string;
  isDescending: boolean;
}

interface Props {
  answer: Answer;
  caption: string;
  /** What can be done with a row, when the tile lets its rows act. */
  actionsOf: ((row: Row) => MenuItem[]) | null;
  isChosen: ((row: Row) => boolean) | null;
  order: Order | null;
  onOrder: (order: Order) => void;
}

const STEP = 100;

/** The rows behind a chart; a click on a heading sorts. */
export function DataTable({ answer, caption, actionsOf, isChosen, order, onOrder }: Props) {
  const [nShown, setNShown] = useState(STEP);
  const { columns } = answer;
  const shown = columns.map((column, index) => ({ column, index })).filter(({ column }) => !column.hidden);
  const index = columns.findIndex(({ name }) => name === order?.column);
  const sorting = order && index >= 0 ? { index, isDescending: order.isDescending } : null;
  const rows = sorting ? sorted(answer.rows, sorting) : answer.rows;
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label={`${caption}, table`}>
        <table>
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {shown.map(({ column, index }) => (
                <th
                  key={column.name}
                  scope="col"
                  class={isNumeric(column.format) ? "number" : undefined}
                  aria-sort={ariaSort(sorting, index)}
                >
                  <button type="button" onClick={() => onOrder({ column: column.name, isDescending: isNextDescending(sorting, index, isNumeric(column.format)) })}>
                    {column.label}
                  </button>
                </th>
              ))}
              {actionsOf && (
                <th scope="col" class="row-actions">
                  <span class="visually-hidden">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, nShown).map((row, key) => (
              <tr key={key} class={isChosen?.(row) ? "is-chosen" : undefined} aria-current={isChosen?.(row) ? "true" : undefined}>
                {shown.map(({ column }) => (
                  <TableCell key={column.name} columns={columns} row={row} column={column} />
                ))}
                {actionsOf && (
                  <td class="row-actions">
                    <RowActions name={nameOf(columns, row)} items={() => actionsOf(row)} />
                  </td>
                )}
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

function RowActions({ name, items }: { name: string; items: () => MenuItem[] }) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`Actions for ${name}`}
      onClick={(event) => {
        const opener = event.currentTarget;
        const offered = items();
        if (offered.length === 0) return;
        openMenu({ label: `Actions for ${name}`, heading: name, items: offered, anchor: opener.getBoundingClientRect(), opener });
      }}
    >
      <span aria-hidden="true">⋯</span>
    </button>
  );
}

/** A number's column begins with the greatest, a text's with the first; once more turns it round. */
function isNextDescending(sorting: Sorting | null, index: number, isNumber: boolean): boolean {
  return sorting?.index === index ? !sorting.isDescending : isNumber;
}

function ariaSort(sorting: Sorting | null, index: number): "ascending" | "descending" | undefined {
  if (sorting?.index !== index) return undefined;
  return sorting.isDescending ? "descending" : "ascending";
}

/** Unknown comes last either way. */
export function sorted(rows: Row[], { index, isDescending }: Sorting): Row[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [a[index] ?? null, b[index] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

function compare(a: NonNullable<Cell>, b: NonNullable<Cell>): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en");
}
