const GAP_PX = 14;

export type Line = [label: string, text: string];

let box: HTMLElement | null = null;

/** The values of a mark by their labels, beside a place on screen. It needs no inline style sheet. */
export function showTooltip(heading: string, lines: Line[], x: number, y: number): void {
  if (!box) {
    box = document.createElement("div");
    box.className = "tooltip";
    box.setAttribute("aria-hidden", "true");
    document.body.append(box);
  }
  const title = document.createElement("strong");
  title.textContent = heading;
  box.replaceChildren(title, ...lines.map(([label, text]) => line(label, text)));
  box.hidden = false;
  place(box, x, y);
}

export function hideTooltip(): void {
  if (box) box.hidden = true;
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

function place(element: HTMLElement, x: number, y: number): void {
  const { width, height } = element.getBoundingClientRect();
  const isRight = x + GAP_PX + width < innerWidth;
  const left = isRight ? x + GAP_PX : Math.max(4, x - GAP_PX - width);
  const top = Math.min(y + GAP_PX, innerHeight - height - 4);
  element.style.setProperty("left", `${left}px`);
  element.style.setProperty("top", `${Math.max(4, top)}px`);
}
