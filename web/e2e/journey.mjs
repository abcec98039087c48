// Opens every page of a running server in headless Chromium and uses it as a reader would.
// node e2e/journey.mjs BASE_URL [--screenshots DIR]
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const WAIT_MS = 20_000;
const WIDTHS = { wide: 1280, narrow: 360 };

const [base, flag, screenshots] = process.argv.slice(2);
const problems = [];
let nChecks = 0;

function check(isTrue, message) {
  nChecks += 1;
  if (!isTrue) problems.push(message);
}

/** A tab that notes what a page must never do: console errors, failed or foreign requests. */
async function openTab(browser, options) {
  // The test's own tools are injected past the policy; the page itself runs under it, and its violations are errors.
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  tab.setDefaultTimeout(WAIT_MS);
  tab.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()} (${tab.url()})`));
  tab.on("pageerror", (error) => problems.push(`script: ${error.message} (${tab.url()})`));
  tab.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const isLocal = protocol === "data:" || protocol === "blob:" || origin === new URL(base).origin;
    if (!isLocal) problems.push(`request off the server: ${request.url()}`);
  });
  tab.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} for ${response.url()}`));
  return tab;
}

/** Waits until no tile is loading and every chart has marks. */
async function settled(tab) {
  await tab.waitForSelector(".tile[data-state]");
  await tab.waitForFunction(() =>
    [...document.querySelectorAll(".tile")].every(
      (tile) =>
        ["ready", "empty", "error"].includes(tile.dataset.state) &&
        [...tile.querySelectorAll(".chart")].every((chart) => chart.dataset.drawn === "true"),
    ),
  );
}

function marks(tab) {
  return tab.evaluate(() =>
    [...document.querySelectorAll(".chart")].map((chart) => ({
      tile: chart.closest(".tile").id,
      n: chart.querySelectorAll("canvas").length || chart.querySelectorAll('[class*="mark-"] path:not(.background)').length,
      // Shapes and texts alone: the ids of clips differ from one drawing to the next.
      picture: [...chart.querySelectorAll("path, text")].map((node) => node.getAttribute("d") ?? node.textContent).join(";"),
    })),
  );
}

/** Looks again until the charts are as wanted: a change is drawn a moment after the address has it. */
async function becomes(tab, isWanted) {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end) {
    await settled(tab);
    if (isWanted(JSON.stringify(await marks(tab)))) return true;
    await tab.waitForTimeout(50);
  }
  return false;
}

async function axe(tab, where) {
  await tab.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  const source = await (await import("node:fs/promises")).readFile(AXE, "utf8");
  await tab.evaluate(source);
  const results = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = results.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  for (const { id, help, nodes } of serious) {
    problems.push(`axe ${where}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }
  nChecks += 1;
}

async function shoot(tab, name) {
  if (flag === "--screenshots") await tab.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
}

async function visit(browser, page, colorScheme, width) {
  const tab = await openTab(browser, { colorScheme, viewport: { width: WIDTHS[width], height: 900 } });
  const where = `${page} ${colorScheme} ${width}`;
  await tab.goto(`${base}/pages/${page}`);
  await settled(tab);
  const states = await tab.$$eval(".tile", (tiles) => tiles.map((tile) => `${tile.id} ${tile.dataset.state}`));
  for (const state of states) check(!state.endsWith("error"), `${where}: tile ${state}`);
  const drawn = await marks(tab);
  check(drawn.length > 0, `${where}: no chart`);
  for (const { tile, n } of drawn) check(n > 0, `${where}: chart ${tile} has no marks`);
  const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(overflow <= 0, `${where}: scrolls sideways by ${overflow} px`);
  await axe(tab, where);
  await shoot(tab, `${page}-${colorScheme}-${width}`);
  await tab.context().close();
}

/** Filter, Back, reload, table: the address is the state. */
async function useFilters(browser, page) {
  const tab = await openTab(browser, { viewport: { width: 1280, height: 900 } });
  await tab.goto(`${base}/pages/${page}`);
  await settled(tab);
  const before = JSON.stringify(await marks(tab));
  await tab.click('[popovertarget="filter-years"]');
  await tab.fill('input[name="from"]', "2000");
  await tab.press('input[name="from"]', "Tab");
  await tab.waitForURL((url) => url.searchParams.has("years"));
  await tab.keyboard.press("Escape");
  check(await becomes(tab, (now) => now !== before), `${page}: no chart changed with the years`);
  await tab.click('[popovertarget="filter-language"]');
  const options = tab.locator('#filter-language [role="option"]');
  await options.first().waitFor();
  check((await options.count()) > 1, `${page}: the language filter has no languages`);
  const language = await options.nth(1).getAttribute("data-value");
  await options.nth(1).click();
  await tab.waitForURL((url) => url.searchParams.get("language") === language && url.searchParams.has("years"));
  await settled(tab);
  await tab.reload();
  await settled(tab);
  check((await tab.locator('.pill[data-set="true"]').count()) === 2, `${page}: a reload lost a filter`);
  await tab.goBack();
  await tab.goBack();
  await tab.waitForURL((url) => url.search === "");
  check(await becomes(tab, (now) => now === before), `${page}: Back did not restore the charts`);
  await tab.click(".tile-chart .tile-actions button");
  check((await tab.$$(".tile-chart table tbody tr")).length > 0, `${page}: the chart's table has no rows`);
  await axe(tab, `${page} table`);
  await tab.click('.tile-chart .tile-actions button:has-text("Export")');
  const href = await tab.getAttribute('.menu a[href*=".csv"]', "href");
  await tab.keyboard.press("Escape");
  const csv = await tab.request.get(`${base}${href}`);
  check(csv.ok() && (await csv.text()).split("\r\n").length > 2, `${page}: the CSV has no rows`);
  await shoot(tab, `${page}-table`);
  await tab.context().close();
}

async function main() {
  if (!base) throw new Error("which server? node e2e/journey.mjs http://127.0.0.1:8080");
  if (screenshots) await mkdir(screenshots, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  try {
    const pages = await (await fetch(`${base}/api/pages`)).json();
    check(pages.length > 0, "the server has no pages");
    for (const { name } of pages) {
      await visit(browser, name, "light", "wide");
      await visit(browser, name, "dark", "wide");
      await visit(browser, name, "light", "narrow");
      await useFilters(browser, name);
    }
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (error) {
  problems.push(error.message);
}
for (const problem of new Set(problems)) console.error(`- ${problem}`);
console.log(`page journey: ${nChecks} checks, ${new Set(problems).size} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
