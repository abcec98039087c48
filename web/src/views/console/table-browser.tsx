import { useState } from "preact/hooks";
import { fetchConsoleTables } from "../../api/client";
import type { ConsoleTable } from "../../api/schema";
import { Prose } from "../prose";
import { Trouble } from "../trouble";
import { useLoaded } from "../use-loaded";

/** The tables that may be asked; a click puts a name into the statement. */
export function TableBrowser({ onInsert }: { onInsert: (name: string) => void }) {
  const { value, problem } = useLoaded(fetchConsoleTables, "tables");
  const [sought, setSought] = useState("");
  if (problem) return <Trouble problem={problem} />;
  if (!value) return <p class="browser-note">Reading the tables…</p>;
  const tables = value.filter((table) => matches(table, sought));
  return (
    <>
      <input
        type="search"
        class="browser-filter"
        aria-label="Filter tables and columns"
        placeholder="Filter tables and columns"
        autocomplete="off"
        spellcheck={false}
        value={sought}
        onInput={(event) => setSought(event.currentTarget.value)}
      />
      <p class="browser-note" role="status">
        {tables.length === value.length ? `${value.length} tables` : `${tables.length} of ${value.length} tables`}
      </p>
      <ul class="browser">
        {tables.map((table) => (
          <li key={table.name}>
            <Table table={table} sought={sought} onInsert={onInsert} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface TableProps {
  table: ConsoleTable;
  sought: string;
  onInsert: (name: string) => void;
}

function Table({ table, sought, onInsert }: TableProps) {
  const [isOpen, setIsOpen] = useState(false);
  const columns = table.columns.filter(({ name }) => table.name.includes(sought) || name.includes(sought.toLowerCase()));
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <code>{table.name}</code>
      </summary>
      {isOpen && (
        <div class="browser-table">
          <p>
            <Prose text={table.description} />
          </p>
          <p class="browser-links">
            <button type="button" class="link-button" onClick={() => onInsert(table.name)}>
              Insert name
            </button>
            <a href={`/pages/models?${new URLSearchParams({ model: table.name })}`}>How it is made</a>
          </p>
          <ul>
            {columns.map((column) => (
              <li key={column.name}>
                <button type="button" class="link-button" onClick={() => onInsert(column.name)}>
                  <code>{column.name}</code>
                </button>{" "}
                <small>{column.type.toLowerCase()}</small>
                {column.description && (
                  <p>
                    <Prose text={column.description} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </details>
  );
}

function matches({ name, columns }: ConsoleTable, sought: string): boolean {
  const wanted = sought.trim().toLowerCase();
  return name.includes(wanted) || columns.some((column) => column.name.includes(wanted));
}
