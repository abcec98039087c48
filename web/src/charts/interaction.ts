import { type MenuItem, menu, openMenu } from "../ui/menu";
import type { Box } from "../ui/place";
import { type Line, hideTooltip, showTooltip } from "./tooltip";
import { type Point, hit } from "./vega/points";
import type { Drawing } from "./vega/view";

/** What a drawing's rows say and do. */
export interface Marks {
  name: (row: number) => string;
  sentence: (row: number) => string;
  lines: (row: number) => Line[];
  actions: (row: number) => MenuItem[];
  clear: () => (() => void) | null;
  brush: () => ((rows: number[]) => void) | null;
}

interface Parts {
  frame: HTMLElement;
  live: HTMLElement;
  drawing: Drawing;
  marks: Marks;
}

const REACH_PX = 24;
const RING_PX = 4;
const PAGE = 10;
/** A drag shorter than this is a click. */
const CLICK_PX = 5;

/** Pointer and keyboard on one drawing. A chart is one stop of the Tab key; arrows move over its marks. */
export class Interaction {
  private readonly ring = layer("chart-ring");
  private readonly band = layer("chart-brush");
  private readonly listening = new AbortController();
  private active = -1;
  private anchor: number | null = null;
  private dragFrom: number | null = null;
  private isDragged = false;
  private isChosen: ((row: number) => boolean) | null = null;

  constructor(private readonly parts: Parts) {
    const { frame, drawing } = parts;
    frame.append(this.band, this.ring);
    const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
      frame.addEventListener(name, act, { signal: this.listening.signal });
    on("keydown", (event) => this.key(event));
    on("pointermove", (event) => this.point(event));
    on("pointerleave", () => hideTooltip());
    on("pointerdown", (event) => this.press(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", () => this.endDrag());
    on("click", (event) => this.click(event));
    on("blur", () => menu.value === null && this.leave());
    drawing.onResize(() => {
      this.show();
      this.drawBand();
    });
  }

  /** Rows that the address chooses stand out; null when it chooses none. */
  choose(isChosen: ((row: number) => boolean) | null): void {
    this.isChosen = isChosen;
    this.parts.drawing.choose(isChosen);
    this.drawBand();
  }

  dispose(): void {
    this.listening.abort();
    hideTooltip();
    this.ring.remove();
    this.band.remove();
    this.parts.drawing.dispose();
  }

  private points(): Point[] {
    return this.parts.drawing.points();
  }

  private key(event: KeyboardEvent): void {
    const last = this.points().length - 1;
    const at = this.active;
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at < 0 ? last : at - 1,
      ArrowUp: at < 0 ? last : at - 1,
      PageDown: at + PAGE,
      PageUp: at - PAGE,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.anchor = event.shiftKey && this.parts.marks.brush() ? (this.anchor ?? at) : null;
      this.move(Math.max(0, Math.min(last, to)));
    } else if (event.key === "Enter") this.act(at);
    else if (event.key === " " || event.key === "ContextMenu") this.offer(at);
    else if (event.key === "Escape") this.escape();
    else return;
    event.preventDefault();
  }

  private move(to: number): void {
    this.active = to;
    const point = this.points()[to];
    if (!point) return;
    this.show();
    this.drawBand();
    const { live, marks, frame } = this.parts;
    const actions = marks.actions(point.row).map((action) => action.label);
    const how = actions.length > 0 ? ` Enter: ${actions[0]}.${actions.length > 1 ? " Space: more." : ""}` : "";
    live.textContent = `${marks.sentence(point.row)}. ${to + 1} of ${this.points().length}.${how}`;
    this.ring.scrollIntoView({ block: "nearest", inline: "nearest" });
    const outer = frame.getBoundingClientRect();
    showTooltip(marks.name(point.row), marks.lines(point.row), outer.left + point.box.right, outer.top + point.box.bottom);
  }

  private show(): void {
    const point = this.points()[this.active];
    this.ring.hidden = !point;
    if (!point) return;
    const { left, top, right, bottom } = point.box;
    lay(this.ring, { left: left - RING_PX, top: top - RING_PX, right: right + RING_PX, bottom: bottom + RING_PX });
  }

  private act(at: number): void {
    const rows = this.range();
    const brush = this.parts.marks.brush();
    if (rows.length > 1 && brush) {
      this.anchor = null;
      return brush(rows);
    }
    const point = this.points()[at];
    const first = point && this.parts.marks.actions(point.row)[0];
    if (first) perform(first);
  }

  private offer(at: number): void {
    const point = this.points()[at];
    if (point) this.menu(point, this.onScreen(point.box));
  }

  private menu(point: Point, anchor: Box): void {
    const { marks, frame } = this.parts;
    const items = marks.actions(point.row);
    if (items.length === 0) return;
    hideTooltip();
    openMenu({ label: `Actions for ${marks.name(point.row)}`, heading: marks.sentence(point.row), items, anchor, opener: frame });
  }

  private escape(): void {
    const clear = this.parts.marks.clear();
    if (this.isChosen && clear) return clear();
    this.leave();
    if (document.activeElement === this.parts.frame) this.parts.frame.blur();
  }

  private leave(): void {
    this.active = -1;
    this.anchor = null;
    this.ring.hidden = true;
    this.parts.live.textContent = "";
    hideTooltip();
    this.drawBand();
  }

  private point(event: PointerEvent): void {
    if (this.dragFrom !== null) return this.drag(event);
    const found = this.under(event);
    const { marks, frame } = this.parts;
    frame.classList.toggle("is-active", found !== null && marks.actions(found.row).length > 0);
    if (found) showTooltip(marks.name(found.row), marks.lines(found.row), event.clientX, event.clientY);
    else hideTooltip();
  }

  private click(event: MouseEvent): void {
    if (this.isDragged) {
      this.isDragged = false;
      return;
    }
    const found = this.under(event);
    if (!found) return;
    const { marks } = this.parts;
    const items = marks.actions(found.row);
    if (items.length === 1 && items[0]) return perform(items[0]);
    const { clientX: x, clientY: y } = event;
    if (items.length === 0) return showTooltip(marks.name(found.row), marks.lines(found.row), event.clientX, event.clientY);
    this.menu(found, { left: x, right: x, top: y, bottom: y });
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === "touch" || !this.parts.marks.brush()) return;
    this.dragFrom = this.within(event)[0];
    this.isDragged = false;
  }

  private drag(event: PointerEvent): void {
    const from = this.dragFrom ?? 0;
    const [x] = this.within(event);
    if (!this.isDragged && Math.abs(x - from) < CLICK_PX) return;
    if (!this.isDragged) this.parts.frame.setPointerCapture(event.pointerId);
    this.isDragged = true;
    hideTooltip();
    const { left, right, top, bottom } = this.parts.drawing.frame();
    this.band.hidden = false;
    lay(this.band, { left: Math.max(left, Math.min(from, x)), right: Math.min(right, Math.max(from, x)), top, bottom });
  }

  private release(event: PointerEvent): void {
    const from = this.dragFrom;
    this.dragFrom = null;
    if (from === null || !this.isDragged) return;
    const [x] = this.within(event);
    const [low, high] = [Math.min(from, x), Math.max(from, x)];
    const inside = this.points().filter(({ box }) => (box.left + box.right) / 2 >= low && (box.left + box.right) / 2 <= high);
    if (inside.length > 0) this.parts.marks.brush()?.(inside.map(({ row }) => row));
    else this.drawBand();
  }

  private endDrag(): void {
    this.dragFrom = null;
    this.drawBand();
  }

  /** The rows between the anchor of a Shift+arrow and the active mark. */
  private range(): number[] {
    if (this.anchor === null || this.anchor < 0) return [];
    const [low, high] = [Math.min(this.anchor, this.active), Math.max(this.anchor, this.active)];
    return this.points().slice(low, high + 1).map(({ row }) => row);
  }

  /** The stretch that is chosen, or about to be. */
  private drawBand(): void {
    const range = this.range();
    const wanted = range.length > 1 ? new Set(range) : null;
    const isInside = wanted ? (row: number) => wanted.has(row) : this.isChosen;
    const boxes = isInside && this.parts.marks.brush() ? this.points().filter(({ row }) => isInside(row)) : [];
    this.band.hidden = boxes.length === 0;
    if (boxes.length === 0) return;
    const { top, bottom } = this.parts.drawing.frame();
    const left = Math.min(...boxes.map(({ box }) => box.left));
    const right = Math.max(...boxes.map(({ box }) => box.right));
    lay(this.band, { left, right, top, bottom });
  }

  private under(event: MouseEvent): Point | null {
    return hit(this.points(), ...this.within(event), REACH_PX);
  }

  private within(event: MouseEvent): [number, number] {
    const { left, top } = this.parts.frame.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  private onScreen(box: Box): Box {
    const { left, top } = this.parts.frame.getBoundingClientRect();
    return { left: box.left + left, right: box.right + left, top: box.top + top, bottom: box.bottom + top };
  }
}

function perform(action: MenuItem): void {
  if (action.href) location.assign(action.href);
  else action.run?.();
}

function layer(name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  element.hidden = true;
  return element;
}

function lay(element: HTMLElement, { left, top, right, bottom }: Box): void {
  element.style.setProperty("left", `${left}px`);
  element.style.setProperty("top", `${top}px`);
  element.style.setProperty("width", `${right - left}px`);
  element.style.setProperty("height", `${bottom - top}px`);
}
