import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { place } from "../place";

interface Props {
  name: string;
  label: string;
  /** What it is set to; nothing when it lets everything pass. */
  words: string;
  isSet: boolean;
  onClear: () => void;
  children: ComponentChildren;
}

/** A filter as a button that says what it is set to, with its controls in a panel. */
export function Pill({ name, label, words, isSet, onClear, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = `filter-${name}`;
  useLayoutEffect(() => {
    if (!isOpen || !panel.current || !opener.current) return;
    place(panel.current, opener.current.getBoundingClientRect());
    panel.current.querySelector<HTMLElement>("input:checked, input, button")?.focus({ preventScroll: true });
  }, [isOpen]);
  return (
    <div class="pill" data-name={name} data-set={isSet}>
      <button type="button" class="pill-open" ref={opener} popovertarget={id} aria-haspopup="dialog">
        <span class="pill-label">{label}</span>
        {words ? <span class="pill-words">{words}</span> : <span class="visually-hidden">: all</span>}
      </button>
      {isSet && (
        <button type="button" class="pill-clear" aria-label={`Remove ${label}: ${words}`} title="Remove" onClick={onClear}>
          <span aria-hidden="true">×</span>
        </button>
      )}
      <div
        popover="auto"
        id={id}
        ref={panel}
        class="panel"
        role="dialog"
        aria-label={label}
        onToggle={(event) => setIsOpen(event.newState === "open")}
      >
        {isOpen && children}
      </div>
    </div>
  );
}

/** Closes the panel that holds an element. */
export function closePanel(element: Element): void {
  element.closest<HTMLElement>("[popover]")?.hidePopover();
}
