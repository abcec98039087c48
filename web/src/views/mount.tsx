import { type ComponentType, render } from "preact";
import type { Entity, Page, View } from "../api/schema";
import { rememberHeight, rememberedHeight } from "../ui/heights";

/** Each view is a chunk of its own, so that a page of charts does not carry the console. */
const VIEWS: Partial<Record<View, () => Promise<ComponentType>>> = {
  find: async () => (await import("./find/find-view")).FindView,
  console: async () => (await import("./console/console-view")).ConsoleView,
  models: async () => (await import("./models/models-view")).ModelsView,
  runs: async () => (await import("./runs/runs-view")).RunsView,
};

export async function mountView(name: View): Promise<void> {
  const slot = document.getElementById("view");
  const load = VIEWS[name];
  if (!slot || !load) return;
  slot.setAttribute("aria-busy", "true");
  const Body = await load();
  slot.removeAttribute("aria-busy");
  slot.replaceChildren();
  render(<Body />, slot);
}

export async function mountSubject(page: Page): Promise<void> {
  const slot = document.getElementById("subject");
  if (!slot || !page.subject) return;
  keepHeight(slot, page.subject.kind);
  const { SubjectHeader } = await import("./subject/subject-header");
  const title = slot.querySelector("h1")?.textContent ?? page.title;
  const subtitle = slot.querySelector(".summary")?.textContent ?? "";
  slot.replaceChildren();
  render(<SubjectHeader page={page.name} kind={page.subject.kind} title={title} subtitle={subtitle} />, slot);
}

/** About how high the facts of each are, on a phone and elsewhere. */
const LIKELY_PX: Record<Entity, [narrow: number, wide: number]> = {
  movie: [1560, 800],
  person: [430, 434],
  company: [416, 396],
  collection: [416, 396],
};

/** Keeps the place of the facts until they are there, so that nothing below them moves. */
function keepHeight(slot: HTMLElement, kind: Entity): void {
  const name = `subject.${kind}`;
  slot.style.setProperty("min-height", `${rememberedHeight(name, LIKELY_PX[kind][innerWidth < 640 ? 0 : 1])}px`);
  rememberHeight(name, slot, () => {
    const isComplete = slot.querySelector('.subject-head:not([aria-busy="true"])') !== null;
    if (isComplete) slot.style.removeProperty("min-height");
    return isComplete;
  });
}
