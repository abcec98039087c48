import type { PagesEvent } from "../api/schema";
import { renew, shownBuild } from "../tiles/coordinator";
import { loadCatalogue } from "./catalogue";

/** Follows the server while the page is in sight: a browser has few connections to one server, however many tabs. */
export function listen(): void {
  let source: EventSource | null = null;
  let edition = document.body.dataset.edition ?? "";
  function follow() {
    if (document.visibilityState === "hidden") {
      source?.close();
      source = null;
      return;
    }
    if (source) return;
    const heard = new URLSearchParams({ edition, build_id: shownBuild() });
    if (shownBuild() === "") heard.delete("build_id");
    source = new EventSource(`/api/events?${heard}`);
    source.addEventListener("build", (event: MessageEvent<string>) => {
      renew(event.data);
      loadCatalogue();
    });
    source.addEventListener("pages", (event: MessageEvent<string>) => {
      const changed = JSON.parse(event.data) as PagesEvent;
      edition = String(changed.edition);
      if (changed.problems.length === 0) location.reload();
      else showProblems(changed);
    });
  }
  document.addEventListener("visibilitychange", follow);
  follow();
}

/** What is wrong in the files, above the page that the last good ones made. */
function showProblems({ problems }: PagesEvent): void {
  const notice = document.createElement("section");
  notice.id = "page-problems";
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  const heading = document.createElement("p");
  heading.textContent = "The pages on disk have mistakes; the last good ones are shown.";
  const list = document.createElement("ul");
  for (const { file, line, message, hint } of problems) {
    const item = document.createElement("li");
    const place = document.createElement("code");
    place.textContent = line === null ? file : `${file}:${line}`;
    item.append(place, ` ${message}${hint ? ` (${hint})` : ""}`);
    list.append(item);
  }
  notice.append(heading, list);
  document.getElementById("page-problems")?.remove();
  document.getElementById("main")?.before(notice);
}
