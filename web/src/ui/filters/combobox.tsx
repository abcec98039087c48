import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { formatCount } from "../format";
import { type Option, matching } from "./pick-list";

interface Props {
  label: string;
  options: Option[];
  value: string;
  onPick: (value: string, element: Element) => void;
}

/** A list to choose one of, narrowed by typing. */
export function Combobox({ label, options, value, onPick }: Props) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const found = [...(typed ? [] : [{ value: "", label: "All" } as Option]), ...matching(options, typed)];
  const [active, setActive] = useState(() => Math.max(0, found.findIndex((option) => option.value === value)));
  const most = Math.max(1, ...options.map((option) => option.n ?? 0));
  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  function move(event: KeyboardEvent) {
    const last = found.length - 1;
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 }[event.key];
    if (to !== undefined) setActive(Math.max(0, Math.min(last, to)));
    else if (event.key === "Enter" && found[active]) onPick(found[active].value, event.currentTarget as Element);
    else return;
    event.preventDefault();
  }

  return (
    <div class="combobox">
      <input
        type="search"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
        placeholder={`Search ${options.length}`}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onKeyDown={move}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
      />
      <ul role="listbox" id={id} aria-label={label} ref={list}>
        {found.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            data-value={option.value}
            aria-selected={option.value === value}
            class={index === active ? "is-active" : undefined}
            style={{ "--share": (option.n ?? 0) / most }}
            onClick={(event) => onPick(option.value, event.currentTarget)}
          >
            <span>{option.label}</span>
            {option.n !== undefined && <span class="option-count">{formatCount(option.n)}</span>}
          </li>
        ))}
        {found.length === 0 && <li class="option-none">Nothing by this name</li>}
      </ul>
    </div>
  );
}
