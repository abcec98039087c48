import "../../styles/views.css";
import "../../styles/console.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, runQuery } from "../../api/client";
import type { ConsoleAnswer } from "../../api/schema";
import { address, setValue, valueOf } from "../../app/address";
import { Editor } from "./editor";
import { errorPlace, offsetOf } from "./error-place";
import { EXAMPLES } from "./examples";
import { remember } from "./history";
import { Outcome } from "./outcome";
import { Shelf } from "./shelf";

/** Longer statements stay out of the address: servers and chats cut long links. */
const LONGEST_LINK = 6000;

export interface Ran {
  sql: string;
  answer: ConsoleAnswer | null;
  problem: Problem | null;
}

/** SQL in, rows out; nothing runs but on the reader's own action. */
export function ConsoleView() {
  const linked = valueOf(address.value, "sql");
  const [text, setText] = useState(linked || (EXAMPLES[0]?.sql ?? ""));
  const [ran, setRan] = useState<Ran | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // Back brings an earlier statement, which is not run.
    if (linked !== "") setText(linked);
  }, [linked]);

  async function run() {
    const sql = text.trim();
    if (sql === "" || running) return;
    const abort = new AbortController();
    setRunning(abort);
    remember(sql);
    setValue("sql", sql.length <= LONGEST_LINK ? sql : "");
    try {
      setRan({ sql, answer: await runQuery(sql, abort.signal), problem: null });
    } catch (cause) {
      const problem = abort.signal.aborted ? new Problem("The statement was cancelled", null) : asProblem(cause);
      setRan({ sql, answer: null, problem });
    } finally {
      setRunning(null);
    }
  }

  function insert(name: string) {
    const area = input.current;
    if (!area) return;
    area.setRangeText(name, area.selectionStart, area.selectionEnd, "end");
    setText(area.value);
    area.focus();
  }

  const place = ran?.problem && ran.sql === text.trim() ? errorPlace(ran.problem.message) : null;
  return (
    <div class="console">
      <div class="console-main">
        <Editor text={text} badLine={place?.line ?? null} input={input} onText={setText} onRun={run} />
        <div class="console-actions">
          <button type="button" class="view-button primary" disabled={running !== null || text.trim() === ""} onClick={run}>
            Run
          </button>
          <button type="button" class="view-button" disabled={running === null} onClick={() => running?.abort()}>
            Cancel
          </button>
          <p id="editor-keys">
            <kbd>Ctrl</kbd> or <kbd>⌘</kbd> with <kbd>Enter</kbd> runs it. One <code>select</code>, read-only.
          </p>
        </div>
        <Outcome
          ran={ran}
          isRunning={running !== null}
          isChanged={ran !== null && ran.sql !== text.trim()}
          onPlace={(to) => {
            input.current?.focus();
            input.current?.setSelectionRange(offsetOf(text, to), offsetOf(text, to));
          }}
        />
      </div>
      <Shelf
        onInsert={insert}
        onTake={(sql) => {
          setText(sql);
          input.current?.focus();
        }}
      />
    </div>
  );
}

function asProblem(cause: unknown): Problem {
  return cause instanceof Problem ? cause : new Problem(String(cause), null);
}
