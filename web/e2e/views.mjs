// The built-in views: find, models and lineage, runs.
import { axe, becomes, checkWidth, openTab, settled } from "./browser.mjs";
import { bestKnown } from "./pages.mjs";
import { check } from "./report.mjs";

/** From any page, by keyboard alone, with a letter wrong. */
export async function findByTypo(browser, base, shoot) {
  const tab = await openTab(browser, base);
  await tab.goto(`${base}/pages/genres`);
  await settled(tab);
  // Long enough that one slip leaves it itself.
  const { title } = await bestKnown(tab, "movie", (hit) => hit.title.length >= 9 && hit.title.length <= 24 && /^[\p{L} ]+$/u.test(hit.title));
  const typo = withTypo(title);
  await tab.keyboard.press("/");
  check(await tab.evaluate(() => document.activeElement.getAttribute("role") === "combobox"), "the key / does not lead to the search");
  await tab.keyboard.type(typo);
  await tab.waitForSelector('.search [role="option"]');
  check((await tab.getAttribute(".search-input", "aria-expanded")) === "true", "the search does not say that its list is open");
  const isFound = await becomes(tab, async () => (await tab.locator('.search [role="option"]').allTextContents()).some((text) => text.includes(title)));
  check(isFound, `“${typo}” does not find ${title}`);
  await axe(tab, "search list");
  await shoot(tab, "search-list");
  await tab.keyboard.press("Escape");
  check(await tab.isHidden(".search-list"), "Escape does not close the search's list");
  await tab.keyboard.press("Enter");
  await tab.waitForURL((url) => url.pathname === "/pages/find" && url.searchParams.get("q") === typo);
  await tab.waitForSelector(".find-group");
  await axe(tab, "find");
  await shoot(tab, "find-results");
  await tab.locator('.find input[name="kind"][value="movie"]').check({ force: true });
  await tab.waitForURL((url) => url.searchParams.get("kind") === "movie");
  check((await tab.locator(".find-group").count()) === 1, "the kind does not narrow the results");
  await tab.reload();
  await tab.waitForSelector(".find-group");
  check((await tab.inputValue('.find input[name="find"]')) === typo, "a reload lost what was looked for");
  await tab.fill('.find input[name="find"]', "qqxzvw kkjjqx");
  await tab.waitForSelector(".find .tile-message");
  await tab.setViewportSize({ width: 360, height: 800 });
  await checkWidth(tab, "find without results at 360");
  await tab.context().close();
}

/** Two letters in the middle of the longest word change places. */
function withTypo(title) {
  const word = title.split(/\s+/).sort((a, b) => b.length - a.length)[0];
  const at = Math.floor(word.length / 2);
  return title.replace(word, word.slice(0, at - 1) + word[at] + word[at - 1] + word.slice(at + 1));
}

/** An entity page without its entity says so. */
export async function meetNobody(browser, base) {
  const tab = await openTab(browser, base, { refused: /\/pages\/movie/ });
  for (const path of ["/pages/movie", "/pages/movie?id=999999999999"]) {
    await tab.goto(base + path);
    await tab.waitForFunction(() => document.activeElement.getAttribute("role") === "combobox");
    check((await tab.locator("main a[href='/pages/find']").count()) > 0, `${path}: no way on to find`);
    await axe(tab, path);
  }
  await tab.context().close();
}

/** The list, its filters, the whole graph, and one model reached with the arrow keys. */
export async function walkLineage(browser, base, shoot) {
  const tab = await openTab(browser, base);
  await tab.goto(`${base}/pages/models`);
  await tab.waitForSelector(".model-frame tbody tr");
  await tab.getByRole("button", { name: /^Show the other/ }).click();
  const nAll = await tab.locator(".model-frame tbody tr").count();
  await tab.fill('.model-filters input[type="search"]', "mart_movies");
  check(await becomes(tab, async () => (await tab.locator(".model-frame tbody tr").count()) < nAll), "models: the search does not narrow the list");
  await tab.goto(`${base}/pages/models?show=graph`);
  await tab.waitForSelector(".lineage .node");
  check((await tab.locator(".lineage .node").count()) >= nAll, "models: the graph lacks nodes");
  await axe(tab, "lineage");
  await shoot(tab, "lineage");
  await tab.goto(`${base}/pages/models?model=mart_movies`);
  await tab.waitForSelector(".lineage .focus");
  await tab.waitForSelector(".model section h3#model-columns");
  await tab.focus(".lineage .focus");
  await tab.keyboard.press("ArrowLeft");
  const parent = await tab.evaluate(() => document.activeElement.dataset.id);
  check(parent && parent !== "mart_movies", "models: the left arrow does not lead to what the model is made from");
  await tab.keyboard.press("Enter");
  await tab.waitForURL((url) => url.searchParams.get("model") === parent);
  await tab.goBack();
  await tab.waitForSelector('.lineage .focus[data-id="mart_movies"]');
  await tab.locator(".sql-code summary").first().click();
  check((await tab.textContent(".sql-code pre")).toLowerCase().includes("select"), "models: the SQL is not shown");
  check((await tab.textContent("#model-tests")).includes("passed"), "models: the tests are not counted");
  await axe(tab, "one model");
  await tab.setViewportSize({ width: 360, height: 800 });
  await checkWidth(tab, "one model at 360");
  await shoot(tab, "model-360");
  await tab.context().close();
}

export async function lookAtRuns(browser, base) {
  const tab = await openTab(browser, base);
  await tab.goto(`${base}/pages/runs`);
  await tab.waitForSelector(".run");
  check((await tab.locator('.run[aria-current="true"]').count()) === 1, "runs: the published build is not marked, or not once");
  check(/\d+ passed/.test(await tab.textContent('.run[aria-current="true"]')), "runs: the tests are not counted");
  await tab.context().close();
}
