import { useState } from "preact/hooks";
import { EXAMPLES } from "./examples";
import { forget, history } from "./history";
import { TableBrowser } from "./table-browser";

interface Props {
  onInsert: (name: string) => void;
  onTake: (sql: string) => void;
}

type Name = "tables" | "examples" | "history";

const LABELS: Record<Name, string> = { tables: "Tables", examples: "Examples", history: "History" };

/** What stands beside the editor: the tables, statements to learn from, and those run before. */
export function Shelf({ onInsert, onTake }: Props) {
  const [shown, setShown] = useState<Name>("tables");
  return (
    <aside class="shelf" aria-label="Tables, examples and history">
      <div class="shelf-choice">
        {(Object.keys(LABELS) as Name[]).map((name) => (
          <button key={name} type="button" class="view-button" aria-pressed={shown === name} onClick={() => setShown(name)}>
            {LABELS[name]}
          </button>
        ))}
      </div>
      {shown === "tables" && <TableBrowser onInsert={onInsert} />}
      {shown === "examples" && (
        <ul class="shelf-list">
          {EXAMPLES.map(({ title, sql }) => (
            <li key={title}>
              <button type="button" class="link-button" onClick={() => onTake(sql)}>
                {title}
              </button>
            </li>
          ))}
        </ul>
      )}
      {shown === "history" && <History onTake={onTake} />}
    </aside>
  );
}

function History({ onTake }: { onTake: (sql: string) => void }) {
  if (history.value.length === 0) {
    return <p class="browser-note">Statements that you run are kept in this browser alone.</p>;
  }
  return (
    <>
      <ul class="shelf-list">
        {history.value.map((sql) => (
          <li key={sql}>
            <button type="button" class="link-button shelf-sql" onClick={() => onTake(sql)}>
              <code>{sql}</code>
            </button>
          </li>
        ))}
      </ul>
      <p class="browser-note">
        Kept in this browser alone.{" "}
        <button type="button" class="link-button" onClick={forget}>
          Forget them
        </button>
      </p>
    </>
  );
}
