import { tokens } from "../highlight";

interface Props {
  text: string;
  /** Line of the error, counted from 1. */
  badLine: number | null;
  input: preact.RefObject<HTMLTextAreaElement>;
  onText: (text: string) => void;
  onRun: () => void;
}

/** A plain text area over the same text in colour, with line numbers beside it. */
export function Editor({ text, badLine, input, onText, onRun }: Props) {
  const nLines = text.split("\n").length;
  return (
    <div class="editor">
      <div class="editor-lines" aria-hidden="true">
        {Array.from({ length: nLines }, (_, index) => (
          <span key={index} class={index + 1 === badLine ? "editor-bad" : undefined}>
            {index + 1}
          </span>
        ))}
      </div>
      <div class="editor-text">
        <pre aria-hidden="true">
          {tokens(text).map(({ kind, text: piece }, index) => (kind === "plain" ? piece : <span key={index} class={`sql-${kind}`}>{piece}</span>))}
          {/* The last line keeps its height while it is empty. */}
          {"\n"}
        </pre>
        <textarea
          ref={input}
          aria-label="SQL"
          aria-describedby="editor-keys"
          aria-invalid={badLine !== null}
          wrap="off"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onRun();
          }}
        />
      </div>
    </div>
  );
}
