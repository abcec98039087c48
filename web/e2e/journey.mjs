// Opens every page of a running server in headless Chromium and uses it as a reader would.
// node e2e/journey.mjs BASE_URL [--screenshots DIR]
import { mkdir } from "node:fs/promises";
import process from "node:process";
import { useFilters } from "./address.mjs";
import { launch, openTab } from "./browser.mjs";
import { askConsole } from "./console.mjs";
import { useTheKeyboard } from "./keyboard.mjs";
import { addresses, checkTiles, visit } from "./pages.mjs";
import { problem, summarize } from "./report.mjs";
import { findByTypo, lookAtRuns, meetNobody, walkLineage } from "./views.mjs";

/** More would only wait for one another on two cores. */
const N_TABS = 2;

const [base, flag, screenshots] = process.argv.slice(2);

async function shoot(tab, name) {
  if (flag === "--screenshots") await tab.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
}

/** Each job's failure is a problem of its own, and the others go on. */
async function work(jobs) {
  async function worker() {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const started = Date.now();
      try {
        await job.run();
      } catch (error) {
        problem(`${job.name}: ${error.message}`);
      }
      if (process.env.JOURNEY_TIMES) console.log(`${job.name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  }
  await Promise.all(Array.from({ length: N_TABS }, worker));
}

async function main() {
  if (!base) throw new Error("which server? node e2e/journey.mjs http://127.0.0.1:8080");
  if (screenshots) await mkdir(screenshots, { recursive: true });
  const browser = await launch();
  try {
    const tab = await openTab(browser, base);
    await tab.goto(base);
    const pages = await addresses(tab);
    await tab.context().close();
    await work([
      ...pages.map((page) => ({ name: page.name, run: () => visit(browser, base, page, shoot) })),
      ...[useFilters, useTheKeyboard, findByTypo, meetNobody, askConsole, walkLineage, lookAtRuns].map((journey) => ({
        name: journey.name,
        run: () => journey(browser, base, shoot),
      })),
    ]);
    checkTiles();
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (error) {
  problem(error.message);
}
process.exitCode = summarize(performance.now() / 1000);
