import "../../styles/find.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchResult, Entity } from "../../api/schema";
import { address, replaceValue, setValue, valueOf } from "../../app/address";
import { Segments } from "../../ui/segments";
import { grouped, KINDS, subjectUrl } from "./kinds";
import { Marked } from "./marked";
import { isLiteral } from "./matches";
import { type Found, useSearch } from "./use-search";

/** The most that the server gives. */
const LIMIT = 50;

/** The page of all results: what is typed and the kind stand in the address. */
export function FindView() {
  const query = valueOf(address.value, "q");
  const kind = valueOf(address.value, "kind");
  const [text, setText] = useState(query);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Back, or a search from the masthead, changes the address under the field.
    if (query !== text.trim()) setText(query);
  }, [query]);
  useEffect(() => {
    if (query === "") input.current?.focus();
  }, []);
  const found = useSearch(text, LIMIT);
  return (
    <div class="find">
      <form role="search" aria-label="All results" onSubmit={(event) => event.preventDefault()}>
        <label class="find-field">
          <span>Title or name</span>
          <input
            ref={input}
            type="search"
            name="find"
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              replaceValue("q", event.currentTarget.value.trim());
            }}
          />
        </label>
        {found.results.length > 0 && <Kinds results={found.results} kind={kind} />}
      </form>
      <div aria-busy={found.isLoading}>
        <Results found={found} kind={kind} isTyped={text.trim() !== ""} />
      </div>
    </div>
  );
}

function Kinds({ results, kind }: { results: SearchResult[]; kind: string }) {
  const choices: [string, string][] = [["", "All"], ...Object.entries(KINDS).map(([name, { many }]): [string, string] => [name, many])];
  const count = (name: string) => results.filter((result) => name === "" || result.kind === name).length;
  const options = choices.map(([value, label]) => ({ value, label: `${label} ${count(value)}` }));
  return <Segments name="kind" label="Show" options={options} value={kind} onChoose={(value) => setValue("kind", value)} />;
}

function Results({ found, kind, isTyped }: { found: Found; kind: string; isTyped: boolean }) {
  if (!isTyped) return <Help />;
  if (found.problem) {
    return (
      <div class="tile-message" role="alert">
        <p>
          <strong>{found.problem.message}.</strong>
        </p>
        {found.problem.hint && <p>Hint: {found.problem.hint}</p>}
      </div>
    );
  }
  if (found.query === "") return <p class="find-count">Looking…</p>;
  const results = found.results.filter((result) => kind === "" || result.kind === kind);
  if (results.length === 0) return <Nothing found={found} kind={kind} />;
  return (
    <>
      <p class="find-count" role="status">
        {counted(found, results)}
      </p>
      {grouped(results).map((group) => (
        <section key={group.kind} class="find-group" aria-labelledby={`found-${group.kind}`}>
          <h2 id={`found-${group.kind}`}>{KINDS[group.kind].many}</h2>
          <ol>
            {group.results.map((result) => (
              <li key={result.id}>
                <a href={subjectUrl(result)}>
                  <Marked text={result.title} query={found.query} />
                </a>
                {result.detail && (
                  <small>
                    <Marked text={result.detail} query={found.query} />
                  </small>
                )}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function counted({ results, query }: Found, shown: SearchResult[]): string {
  const n = `${results.length === LIMIT ? "The best " : ""}${shown.length} ${shown.length === 1 ? "result" : "results"}`;
  // The server forgives typos; the reader should know when it did.
  const isForgiven = results.every(({ title }) => !isLiteral(title, query));
  return isForgiven ? `Did you mean one of these? ${n} that come closest to “${query}”` : `${n} for “${query}”`;
}

function Nothing({ found, kind }: { found: Found; kind: string }) {
  if (found.results.length > 0) {
    return (
      <p class="tile-message">
        No {KINDS[kind as Entity]?.one ?? "such thing"} among the results for “{found.query}”.{" "}
        <button type="button" class="link" onClick={() => setValue("kind", "")}>
          Show all {found.results.length}
        </button>
      </p>
    );
  }
  return (
    <div class="tile-message">
      <p>
        <strong>Nothing is called “{found.query}”, or anything close to it.</strong>
      </p>
      <ul>
        <li>Leave out words: one rare word of a title is enough.</li>
        <li>Try the original title, or the family name alone.</li>
        <li>The catalogue holds what was ingested from TMDB; a film that is not in it has no page here.</li>
      </ul>
    </div>
  );
}

function Help() {
  return (
    <div class="find-help">
      <p>Type any part of a title or name. Accents, case, the order of words and small typos do not matter.</p>
      <p>
        <kbd>/</kbd> leads to the search box from every page, <kbd>↓</kbd> and <kbd>↑</kbd> go through its list, <kbd>Enter</kbd>{" "}
        opens, <kbd>Esc</kbd> closes.
      </p>
    </div>
  );
}
