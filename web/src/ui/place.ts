const GAP_PX = 6;
const EDGE_PX = 8;

/** Narrow screens show panels as a sheet at the bottom; where, the style sheet says. */
const sheet = globalThis.matchMedia?.("(max-width: 40rem)");

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where a box of a size goes beside an anchor: below it if there is room, above it if there is more, inside the window. */
export function position(anchor: Box, width: number, height: number, window: { width: number; height: number }): [left: number, top: number] {
  const below = window.height - anchor.bottom;
  const isAbove = below < height + GAP_PX + EDGE_PX && anchor.top > below;
  const top = isAbove ? anchor.top - height - GAP_PX : anchor.bottom + GAP_PX;
  const left = Math.min(anchor.left, window.width - width - EDGE_PX);
  return [Math.max(EDGE_PX, left), Math.max(EDGE_PX, Math.min(top, window.height - height - EDGE_PX))];
}

export function place(box: HTMLElement, anchor: Box): void {
  if (sheet?.matches) {
    box.style.removeProperty("left");
    box.style.removeProperty("top");
    return;
  }
  const { width, height } = box.getBoundingClientRect();
  const [left, top] = position(anchor, width, height, { width: document.documentElement.clientWidth, height: innerHeight });
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${top}px`);
}
