import { render } from "preact";
import { type Diagnostic, listen } from "../api/events";
import { held } from "../api/held";
import { renew, shownBuild } from "../tiles/coordinator";
import { WithCode } from "../ui/with-code";
import { loadCatalogue } from "./catalogue";

const SCROLL = "filmstar.scroll";

/** Follows what happens on the server: a newer build asks for every tile anew, a changed page is loaded again. */
export function follow(): void {
  restoreScroll();
  listen({
    buildId: shownBuild,
    edition: Number(document.body.dataset.edition ?? 0),
    onBuild: (buildId) => {
      renew(buildId);
      loadCatalogue();
    },
    onPages: (problems) => {
      if (problems.length > 0) return show(problems);
      keepScroll();
      location.reload();
    },
  });
}

/** Says that the page waits because more was asked than the server answers one reader. */
export function Held() {
  return (
    <div role="status">
      {held.value > 0 && <p class="held">Asked faster than this server answers one reader. What is missing follows in a moment.</p>}
    </div>
  );
}

function show(problems: Diagnostic[]): void {
  const main = document.getElementById("main");
  if (!main) return;
  let slot = document.getElementById("page-problems");
  if (!slot) {
    slot = document.createElement("div");
    slot.id = "page-problems";
    main.before(slot);
  }
  render(<Problems problems={problems} />, slot);
}

function Problems({ problems }: { problems: Diagnostic[] }) {
  return (
    <div class="notice" role="alert">
      <p>The pages on disk have mistakes; what you see are the last good ones.</p>
      <ul>
        {problems.map(({ file, line, message, hint }) => (
          <li key={`${file}:${line}:${message}`}>
            <code>{line === null ? file : `${file}:${line}`}</code>: <WithCode text={hint ? `${message} (hint: ${hint})` : message} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function keepScroll(): void {
  try {
    sessionStorage.setItem(SCROLL, JSON.stringify([location.href, scrollY]));
  } catch {
    // A browser that keeps nothing begins at the top.
  }
}

function restoreScroll(): void {
  try {
    const [href, top] = JSON.parse(sessionStorage.getItem(SCROLL) ?? "[]") as [string?, number?];
    sessionStorage.removeItem(SCROLL);
    if (href === location.href && top) scrollTo(0, top);
  } catch {
    // As above.
  }
}
