// Every page in both themes at three widths.
import { ask, axe, checkWidth, marks, openTab, settled } from "./browser.mjs";
import { check } from "./report.mjs";

const WIDTHS = [1280, 360, 2560];
const THEMES = ["light", "dark"];
/** Some data has no exports, or no collections; but most tiles must show something. */
const READY_SHARE = 0.6;

let [nTiles, nReady] = [0, 0];

/** Common in titles, in names of companies, and in those of people: of each at least one is in names of every kind. */
const PIECES = ["the", "a", "co", "pictures", "john", "maria", ...[..."aeiou"].flatMap((vowel) => [..."lnrst"].map((other) => other + vowel))];

/** One of the best known of a kind, so that its page has much to show; null when the data has none. */
export async function bestKnown(tab, kind, isWanted = () => true) {
  for (const piece of PIECES) {
    const { results } = await ask(tab, `/api/search?q=${piece}&limit=50`);
    const wanted = results.filter((hit) => hit.kind === kind && isWanted(hit));
    if (wanted.length > 0) return wanted.sort((a, b) => b.weight - a.weight || a.id - b.id)[0];
  }
  return null;
}

/** Name and address of every page; an entity page gets an id that there is. */
export async function addresses(tab) {
  const pages = await ask(tab, "/api/pages");
  check(pages.length > 0, "the server has no pages");
  const found = [];
  for (const { name, is_subject } of pages) {
    if (!is_subject) {
      found.push({ name, path: `/pages/${name}` });
      continue;
    }
    const { subject } = await ask(tab, `/api/pages/${name}`);
    const hit = await bestKnown(tab, subject.kind);
    // Recorded films may have no collections; there are always films and people.
    check(hit || subject.kind === "collection", `${name}: the search knows no ${subject.kind}`);
    if (hit) found.push({ name, path: `/pages/${name}?id=${hit.id}` });
  }
  return found;
}

/** One load; the window and the theme then change under the page, as they do for a reader. */
export async function visit(browser, base, { name, path }, shoot) {
  const tab = await openTab(browser, base, { colorScheme: THEMES[0] });
  await tab.goto(base + path);
  for (const theme of THEMES) {
    await tab.emulateMedia({ colorScheme: theme });
    for (const width of WIDTHS) {
      const where = `${name} ${theme} ${width}`;
      await tab.setViewportSize({ width, height: 900 });
      await drawnAnew(tab);
      await look(tab, where);
      if (width === WIDTHS[0]) await axe(tab, where);
      await shoot(tab, `${name}-${theme}-${width}`);
    }
  }
  await tab.setViewportSize({ width: 1280, height: 900 });
  await drawnAnew(tab);
  await openTables(tab, name);
  await tab.context().close();
}

/** Once all pages were visited. */
export function checkTiles() {
  check(nTiles > 0 && nReady / nTiles >= READY_SHARE, `only ${nReady} of ${nTiles} tiles have something to show`);
}

/** Two frames are enough for a resize to be noticed. */
async function drawnAnew(tab) {
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await settled(tab);
}

async function look(tab, where) {
  const tiles = await tab.$$eval(".tile", (all) =>
    all.map((tile) => ({ id: tile.id, state: tile.dataset.state, text: tile.querySelector(".tile-message")?.textContent ?? "" })),
  );
  for (const { id, state, text } of tiles) {
    const isHonest = state === "ready" || (state === "empty" && text.length > 0);
    check(isHonest, `${where}: tile ${id} is in state ${state}: ${text.slice(0, 300)}`);
  }
  nTiles += tiles.length;
  nReady += tiles.filter(({ state }) => state === "ready").length;
  for (const { tile, n } of await marks(tab)) check(n > 0, `${where}: chart ${tile} has no marks`);
  check((await tab.textContent("h1")).trim() !== "", `${where}: no heading`);
  await checkWidth(tab, where);
}

/** Every chart has its rows as a table. */
async function openTables(tab, name) {
  for (const id of await tab.$$eval('.tile-chart[data-state="ready"]', (all) => all.map((tile) => tile.id))) {
    const tile = tab.locator(`#${id}`);
    await tile.getByRole("button", { name: /table/i }).first().click();
    const nRows = await tile.locator("tbody tr").count();
    check(nRows > 0, `${name}: the table of ${id} has no rows`);
  }
  if ((await tab.$$(".tile-chart table")).length > 0) await axe(tab, `${name} tables`);
}
