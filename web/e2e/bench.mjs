// Measures the pages of a running server; `cargo xtask bench pages` starts the servers.
// node e2e/bench.mjs load BASE            the tiles of all pages under 8 clients
// node e2e/bench.mjs browse BASE PEER     three charts in a browser, beside Streamlit's
import { gzipSync } from "node:zlib";
import process from "node:process";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const CLIENTS = 8;
const ROUNDS = 5;
const REPEATS = 5;
const WAIT_MS = 120_000;

/** The tiles that show what the three charts in Streamlit do. */
const CHARTS = [
  { page: "genres", tile: "returns" },
  { page: "people", tile: "career_gross" },
  { page: "budgets", tile: "fan" },
];

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

const ms = (value) => `${value.toFixed(0)} ms`;

/** Every tile with years that nobody asked for before, so that no cache of the database's pages is all that is measured. */
async function addresses(base) {
  const pages = (await (await fetch(`${base}/api/pages`)).json()).filter((page) => !page.is_subject);
  const found = [];
  for (const { name } of pages) {
    const page = await (await fetch(`${base}/api/pages/${name}`)).json();
    for (const tile of page.tiles) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const years = page.filters.includes("years") ? `?years=${1960 + 5 * round}-${2014 + round}` : "";
        found.push({ name: `${name}/${tile.id}`, url: `${base}/api/pages/${name}/tiles/${tile.id}${years}` });
      }
    }
  }
  // The same order each time, with neighbours of different pages.
  return found.sort((a, b) => hash(a.url) - hash(b.url));
}

function hash(text) {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
}

async function load(base) {
  const waiting = await addresses(base);
  const total = waiting.length;
  const times = new Map();
  const failures = [];
  const started = performance.now();
  async function client() {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const asked = performance.now();
      const response = await fetch(next.url);
      await response.text();
      if (!response.ok) failures.push(`${response.status} ${next.url}`);
      times.set(next.name, [...(times.get(next.name) ?? []), performance.now() - asked]);
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - started) / 1000;
  const all = [...times.values()].flat();
  console.log(`${total} answers of ${times.size} tiles, ${CLIENTS} clients: ${(total / seconds).toFixed(0)} a second`);
  console.log(`p50 ${ms(quantile(all, 0.5))}, p95 ${ms(quantile(all, 0.95))}, longest ${ms(Math.max(...all))}, ${failures.length} failed`);
  for (const failure of failures.slice(0, 5)) console.log(`  ${failure}`);
  const slowest = [...times].map(([name, values]) => [name, quantile(values, 0.5)]).sort((a, b) => b[1] - a[1]);
  for (const [name, time] of slowest.slice(0, 8)) console.log(`  ${name.padEnd(36)} ${ms(time)}`);
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Until a chart is drawn for the years that the address or the slider says. */
function drawn(tab, tile) {
  return tab.waitForFunction((id) => {
    const element = document.getElementById(id);
    return element?.dataset.state === "ready" && element.querySelector(".chart")?.dataset.drawn === "true";
  }, tile);
}

async function ours(browser, base, { page, tile }) {
  const opened = [];
  const redrawn = [];
  let scripts = 0;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    tab.setDefaultTimeout(WAIT_MS);
    const bodies = [];
    tab.on("response", (response) => response.url().endsWith(".js") && bodies.push(response.body()));
    opened.push(await timed(async () => {
      await tab.goto(`${base}/pages/${page}`, { waitUntil: "commit" });
      await drawn(tab, tile);
    }));
    scripts = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    const before = await tab.evaluate((id) => document.querySelector(`#${id} .chart`).innerHTML, tile);
    redrawn.push(await timed(async () => {
      await tab.evaluate((years) => {
        history.pushState(null, "", `?years=${years}`);
        dispatchEvent(new PopStateEvent("popstate"));
      }, `${1990 + repeat}-2014`);
      await tab.waitForFunction(([id, old]) => document.querySelector(`#${id} .chart`)?.innerHTML !== old, [tile, before]);
      await drawn(tab, tile);
    }));
    await context.close();
  }
  return { opened: quantile(opened, 0.5), redrawn: quantile(redrawn, 0.5), scripts };
}

/** Streamlit has the three charts on one page, and draws them anew at each move of the slider. */
async function theirs(browser, peer) {
  const opened = [];
  const redrawn = [];
  const isDone = () =>
    document.querySelectorAll('[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg').length >= 3 &&
    document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    tab.setDefaultTimeout(WAIT_MS);
    opened.push(await timed(async () => {
      await tab.goto(peer, { waitUntil: "commit" });
      await tab.waitForFunction(isDone);
    }));
    await tab.focus('[data-testid="stSlider"] input');
    redrawn.push(await timed(async () => {
      await tab.keyboard.press("ArrowRight");
      await tab.waitForFunction(() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "running");
      await tab.waitForFunction(isDone);
    }));
    await context.close();
  }
  return { opened: quantile(opened, 0.5), redrawn: quantile(redrawn, 0.5) };
}

async function browse(base, peer) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  try {
    const streamlit = await theirs(browser, peer);
    console.log(`Streamlit, three charts: opened ${ms(streamlit.opened)}, redrawn ${ms(streamlit.redrawn)}`);
    for (const chart of CHARTS) {
      const { opened, redrawn, scripts } = await ours(browser, base, chart);
      const ratios = `${(streamlit.opened / opened).toFixed(1)} and ${(streamlit.redrawn / redrawn).toFixed(1)} times as quick`;
      console.log(`${chart.page}/${chart.tile}: opened ${ms(opened)}, redrawn ${ms(redrawn)} (${ratios}), ${(scripts / 1024).toFixed(0)} kB of scripts`);
    }
  } finally {
    await browser.close();
  }
}

const [what, base, peer] = process.argv.slice(2);
if (what === "load") await load(base);
else if (what === "browse") await browse(base, peer);
else throw new Error("node e2e/bench.mjs load BASE | browse BASE PEER");
