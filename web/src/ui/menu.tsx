import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Box, place } from "./place";

export interface MenuItem {
  label: string;
  href?: string;
  isDownload?: boolean;
  run?: () => void;
  /** Starts a group of its own. */
  group?: string;
}

interface Menu {
  label: string;
  /** Said above the items: what they act on. */
  heading: string | null;
  items: MenuItem[];
  anchor: Box;
  opener: HTMLElement;
}

export const menu = signal<Menu | null>(null);

/** A click on the opener of a menu closes it before it reaches the opener, which must not open it again. */
const REOPEN_MS = 250;
let closed: { opener: HTMLElement; at: number } | null = null;

export function openMenu(next: Menu): void {
  if (closed?.opener === next.opener && next.opener.ariaHasPopup && performance.now() - closed.at < REOPEN_MS) return;
  menu.value = next;
}

/** Closed by a click beside it. */
function dismissed(): void {
  if (menu.value) closed = { opener: menu.value.opener, at: performance.now() };
  menu.value = null;
}

/** The one menu that is open, above everything else. */
export function MenuHost() {
  const box = useRef<HTMLDivElement>(null);
  const open = menu.value;
  useLayoutEffect(() => {
    if (!open || !box.current) return;
    box.current.showPopover();
    place(box.current, open.anchor);
    itemsOf(box.current)[0]?.focus({ preventScroll: true });
  }, [open]);
  if (!open) return null;

  function move(event: KeyboardEvent) {
    const items = itemsOf(event.currentTarget as HTMLElement);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[to % items.length]?.focus();
    else if (event.key === "Tab" || event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function leave() {
    open?.opener.focus({ preventScroll: true });
    menu.value = null;
  }

  function choose(item: MenuItem) {
    leave();
    item.run?.();
  }

  return (
    <div
      popover="auto"
      class="menu"
      role="menu"
      aria-label={open.label}
      ref={box}
      onKeyDown={move}
      onBeforeToggle={(event) => event.newState === "closed" && dismissed()}
    >
      {open.heading && (
        <p class="menu-heading" role="presentation">
          {open.heading}
        </p>
      )}
      {open.items.map((item, index) => (
        <Item key={item.label} item={item} isFirst={item.group !== open.items[index - 1]?.group} onChoose={choose} />
      ))}
    </div>
  );
}

function Item({ item, isFirst, onChoose }: { item: MenuItem; isFirst: boolean; onChoose: (item: MenuItem) => void }) {
  return (
    <>
      {isFirst && item.group && (
        <p class="menu-group" role="presentation">
          {item.group}
        </p>
      )}
      {item.href ? (
        <a role="menuitem" tabIndex={-1} href={item.href} download={item.isDownload} onClick={() => onChoose(item)}>
          {item.label}
        </a>
      ) : (
        <button type="button" role="menuitem" tabIndex={-1} onClick={() => onChoose(item)}>
          {item.label}
        </button>
      )}
    </>
  );
}

function itemsOf(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>('[role="menuitem"]')];
}
