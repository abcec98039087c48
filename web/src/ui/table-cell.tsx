import type { Column, Row } from "../api/schema";
import { entityUrl, isAllowedUrl, said, valueIn } from "./cells";
import { isNumeric } from "./format";

/** A text that is not worth a second line. */
const MAX_BRIEF = 16;

/** One value of a table, with its link, its interval and the sign of a small sample. */
export function TableCell({ columns, row, column }: { columns: Column[]; row: Row; column: Column }) {
  const { text, interval, isSmall, isTooFew } = said(columns, row, column);
  const kind = isNumeric(column.format) ? "number" : text.length <= MAX_BRIEF ? "brief" : undefined;
  if (isTooFew) return <td class={`${kind ?? ""} too-few`}>too few</td>;
  return (
    <td class={kind}>
      {isSmall && (
        <span class="small-sample" role="img" aria-label="small sample, 10 to 29 films" title="10 to 29 films">
          ○
        </span>
      )}
      <Value columns={columns} row={row} column={column} text={text} />
      {interval && <span class="interval"> ({interval})</span>}
    </td>
  );
}

function Value({ columns, row, column, text }: { columns: Column[]; row: Row; column: Column; text: string }) {
  const value = valueIn(columns, row, column.name);
  const href = entityUrl(columns, row, column);
  if (href && value !== null) return <a href={href}>{text}</a>;
  if (column.format === "url" && isAllowedUrl(value)) {
    return (
      <a href={value} rel="noreferrer" target="_blank">
        {new URL(value).hostname.replace("www.", "")}
        <span class="visually-hidden"> (opens in a new tab)</span>
      </a>
    );
  }
  if (column.format === "flag" && typeof value === "boolean") return <span class={value ? "flag-yes" : "flag-no"}>{text}</span>;
  return <>{text}</>;
}
