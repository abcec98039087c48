import { useEffect, useRef, useState } from "preact/hooks";
import { prepareSearch } from "../../api/client";
import type { SearchResult } from "../../api/schema";
import { findUrl, grouped, KINDS, subjectUrl } from "./kinds";
import { Marked } from "./marked";
import { type Found, useSearch } from "./use-search";

const LIMIT = 12;
const LIST = "search-list";

/** The box in the masthead: a combobox whose list leads to films, people, franchises and companies. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null);
  const isPrepared = useRef(false);
  const [text, setText] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const found = useSearch(text, LIMIT);
  useSlash(input);
  useEffect(() => setActive(-1), [found.query]);

  const typed = text.trim();
  const results = grouped(found.results).flatMap((group) => group.results);
  // The last line leads to the page with all results.
  const addresses = [...results.map(subjectUrl), findUrl(typed)];
  const isShown = isOpen && typed !== "" && found.query !== "";

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setIsOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const n = addresses.length;
      if (isShown) setActive(active === -1 && step === -1 ? n - 1 : (active + step + n) % n);
    } else if (event.key === "Escape") {
      if (isShown) setIsOpen(false);
      else setText("");
    }
  }

  return (
    <form
      class="search"
      role="search"
      action="/pages/find"
      onSubmit={(event) => {
        event.preventDefault();
        location.assign((isShown && addresses[active]) || findUrl(typed));
      }}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOpen(false);
      }}
    >
      <input
        ref={input}
        type="text"
        name="q"
        class="search-input"
        role="combobox"
        aria-label="Find a film, person, franchise or company"
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={LIST}
        aria-activedescendant={isShown && active >= 0 ? `search-option-${active}` : undefined}
        aria-keyshortcuts="/"
        placeholder="Find a film or a name"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setIsOpen(true);
        }}
        onFocus={() => {
          setIsOpen(true);
          if (!isPrepared.current) prepareSearch();
          isPrepared.current = true;
        }}
        onKeyDown={onKeyDown}
      />
      <kbd class="search-key" aria-hidden="true">
        /
      </kbd>
      <div id={LIST} class="search-list" role="listbox" aria-label="Results" hidden={!isShown}>
        {isShown && <Options found={found} typed={typed} results={results} active={active} />}
      </div>
      <p class="visually-hidden" role="status">
        {isShown && !found.isLoading ? summary(found) : ""}
      </p>
    </form>
  );
}

interface OptionsProps {
  found: Found;
  typed: string;
  results: SearchResult[];
  active: number;
}

function Options({ found, typed, results, active }: OptionsProps) {
  return (
    <>
      {grouped(found.results).map((group) => (
        <div key={group.kind} class="search-group" role="group" aria-label={KINDS[group.kind].many}>
          <span class="search-kind" aria-hidden="true">
            {KINDS[group.kind].many}
          </span>
          {group.results.map((result) => {
            const place = results.indexOf(result);
            return (
              <Option key={result.id} place={place} isActive={place === active} href={subjectUrl(result)}>
                <span>
                  <Marked text={result.title} query={found.query} />
                </span>
                {result.detail && (
                  <small>
                    <Marked text={result.detail} query={found.query} />
                  </small>
                )}
              </Option>
            );
          })}
        </div>
      ))}
      <Option place={results.length} isActive={active === results.length} href={findUrl(typed)}>
        <span>{found.problem ? found.problem.message : results.length === 0 ? `Nothing found for “${found.query}”` : "All results"}</span>
        <small>{results.length === 0 ? "how to search" : "Enter"}</small>
      </Option>
    </>
  );
}

interface OptionProps {
  place: number;
  isActive: boolean;
  href: string;
  children: preact.ComponentChildren;
}

function Option({ place, isActive, href, children }: OptionProps) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isActive) link.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    <a ref={link} id={`search-option-${place}`} class="search-option" role="option" tabIndex={-1} aria-selected={isActive} href={href}>
      {children}
    </a>
  );
}

function summary({ results, query }: Found): string {
  if (results.length === 0) return `Nothing found for ${query}`;
  return `${results.length === LIMIT ? "At least " : ""}${results.length} results`;
}

/** `/` leads here from anywhere but a field that takes text. */
function useSlash(input: preact.RefObject<HTMLInputElement>): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target as HTMLElement | null;
      if (at?.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
