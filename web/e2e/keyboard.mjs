// By keyboard alone: filter → mark → drill → films → film → export.
import { becomes, openTab, settled } from "./browser.mjs";
import { check } from "./report.mjs";

const MOST_TABS = 120;

export async function useTheKeyboard(browser, base, shoot) {
  const tab = await openTab(browser, base);
  await tab.goto(`${base}/pages/genres`);
  await settled(tab);
  await chooseLanguage(tab);
  await drill(tab, shoot);
  await openFilm(tab, base);
  await exportRows(tab);
  await tab.context().close();
}

/** Tabs on until what has the focus is as wanted. */
async function tabTo(tab, what, selector) {
  for (let nTabs = 0; nTabs < MOST_TABS; nTabs += 1) {
    await tab.keyboard.press("Tab");
    if (await tab.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return true;
  }
  return check(false, `keyboard: ${what} is not reached in ${MOST_TABS} steps`);
}

async function chooseLanguage(tab) {
  await tabTo(tab, "the language filter", '[popovertarget="filter-language"]');
  check(await hasRing(tab), "keyboard: the filter's button does not show the focus");
  await tab.keyboard.press("Enter");
  await tab.waitForSelector('#filter-language [role="option"]');
  await tab.waitForFunction(() => document.activeElement.matches('#filter-language [role="combobox"]'));
  await tab.keyboard.press("ArrowDown");
  await tab.keyboard.press("Enter");
  await tab.waitForURL((url) => url.searchParams.has("language"));
  await settled(tab);
}

/** Whether the element in focus has an outline that can be seen. */
function hasRing(tab) {
  return tab.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  });
}

/** Arrows go over the marks of the first chart that leads on; Space offers what can be done with one. */
async function drill(tab, shoot) {
  await tabTo(tab, "a chart", ".chart");
  await tab.keyboard.press("ArrowRight");
  await tab.waitForSelector(".chart-ring:not([hidden])");
  const said = await tab.evaluate(() => document.activeElement.closest(".tile").querySelector("[aria-live]")?.textContent ?? "");
  check(/1 of \d+/.test(said), `keyboard: a mark is not said: “${said}”`);
  await shoot(tab, "keyboard-mark");
  await tab.keyboard.press("Space");
  await tab.waitForSelector('.menu [role="menuitem"]');
  check((await tab.locator('.menu [role="menuitem"]').allTextContents()).some((label) => label.startsWith("Only this")), "keyboard: a mark cannot be chosen");
  for (let step = 0; step < 6; step += 1) {
    if (await tab.evaluate(() => /^See the .*film/.test(document.activeElement.textContent))) break;
    await tab.keyboard.press("ArrowDown");
  }
  await tab.keyboard.press("Enter");
  await tab.waitForURL((url) => url.pathname === "/pages/films" && url.searchParams.has("genre") && url.searchParams.has("language"));
  await settled(tab);
}

async function openFilm(tab, base) {
  const isThere = await becomes(tab, async () => (await tab.locator('.tile td a[href^="/pages/movie?id="]').count()) > 0);
  if (!check(isThere, "keyboard: the films behind a mark have no links to their pages")) return tab.goto(`${base}/pages/films`);
  await tabTo(tab, "a film", 'td a[href^="/pages/movie?id="]');
  const title = (await tab.evaluate(() => document.activeElement.textContent)).trim();
  await tab.keyboard.press("Enter");
  await tab.waitForURL((url) => url.pathname === "/pages/movie");
  await settled(tab);
  check((await tab.textContent("h1")).trim() === title, `keyboard: the page of ${title} has another heading`);
}

async function exportRows(tab) {
  await tabTo(tab, "an export", ".tile-actions .opens-menu");
  await tab.keyboard.press("Enter");
  await tab.waitForFunction(() => document.activeElement.matches('.menu [role="menuitem"]'));
  const file = tab.waitForEvent("download");
  await tab.keyboard.press("Enter");
  check((await file).suggestedFilename().endsWith(".csv"), "keyboard: the export is no CSV");
  await tab.waitForFunction(() => document.activeElement.matches(".opens-menu"));
}
