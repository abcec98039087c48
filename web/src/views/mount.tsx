import { type ComponentType, render } from "preact";
import type { Page, View } from "../api/schema";

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
  const { SubjectHeader } = await import("./subject/subject-header");
  const title = slot.querySelector("h1")?.textContent ?? page.title;
  const subtitle = slot.querySelector(".summary")?.textContent ?? "";
  slot.replaceChildren();
  render(<SubjectHeader page={page.name} kind={page.subject.kind} title={title} subtitle={subtitle} />, slot);
}
