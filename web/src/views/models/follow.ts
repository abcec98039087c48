import { go } from "../../app/address";

/** The address of one model; the depth of the lineage that was chosen stays. */
export function modelQuery(id: string, before: string): string {
  const kept = new URLSearchParams();
  const old = new URLSearchParams(before);
  for (const name of ["down", "up"]) if (old.has(name)) kept.set(name, old.get(name) ?? "");
  kept.set("model", id);
  kept.sort();
  return kept.toString();
}

/** Opens a model without loading the page anew; pages, and clicks for a new tab, are the browser's. */
export function follow(event: MouseEvent, id: string): void {
  if (id.startsWith("page:") || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(modelQuery(id, location.search.slice(1)));
  document.getElementById("view")?.scrollIntoView();
}
