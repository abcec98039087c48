import type { Cell, Column } from "../../api/schema";
import { formatCell } from "../../ui/format";

const GAP_PX = 14;

/** A tooltip that needs no inline style sheet: the values of a mark by their labels. */
export function tooltip(owner: HTMLElement, columns: Column[]) {
  const box = document.createElement("div");
  box.className = "tooltip";
  box.hidden = true;
  document.body.append(box);

  function show(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
    const lines = linesOf(value, columns);
    box.hidden = lines.length === 0 || !owner.isConnected;
    if (box.hidden) return;
    box.replaceChildren(...lines.map(([label, text]) => line(label, text)));
    place(box, event);
  }

  return { show, dispose: () => box.remove() };
}

export function linesOf(value: unknown, columns: Column[]): [label: string, text: string][] {
  if (typeof value !== "object" || value === null) return [];
  const datum = value as Record<string, Cell | undefined>;
  const known = columns.filter((column) => !column.hidden && datum[column.name] !== undefined);
  return known.map((column) => [column.label, formatCell(datum[column.name] ?? null, column.format)]);
}

function line(label: string, text: string): HTMLElement {
  const row = document.createElement("div");
  const name = document.createElement("span");
  name.textContent = label;
  const figure = document.createElement("b");
  figure.textContent = text;
  row.append(name, figure);
  return row;
}

function place(box: HTMLElement, event: MouseEvent): void {
  const { width, height } = box.getBoundingClientRect();
  const isRight = event.clientX + GAP_PX + width < innerWidth;
  const left = isRight ? event.clientX + GAP_PX : Math.max(4, event.clientX - GAP_PX - width);
  const top = Math.min(event.clientY + GAP_PX, innerHeight - height - 4);
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${Math.max(4, top)}px`);
}
