// Reads the pages of a server that builds are published under; `cargo xtask soak-pages` starts it and publishes.
// node e2e/soak.mjs BASE SECONDS
import process from "node:process";
import { launch } from "./browser.mjs";

const CLIENTS = 6;
/** Pages that two more clients look at in a browser. */
const PAGES = ["genres", "box-office"];
const [base, seconds] = [process.argv[2], Number(process.argv[3])];
const end = Date.now() + seconds * 1_000;
const problems = [];
const builds = new Set();
let nAnswers = 0;

function problem(text) {
  problems.push(text);
  console.log(`  ${text}`);
}

async function tiles() {
  const pages = (await (await fetch(`${base}/api/pages`)).json()).filter((page) => !page.is_subject);
  const definitions = await Promise.all(pages.map(async ({ name }) => (await fetch(`${base}/api/pages/${name}`)).json()));
  return definitions.flatMap((page) => page.tiles.map((tile) => `${base}/api/pages/${page.name}/tiles/${tile.id}`));
}

/** Asks tile after tile; a reader who has seen a build never sees an older one. */
async function client(addresses, first) {
  let newest = "";
  for (let n = first; Date.now() < end; n += 1) {
    const address = addresses[(n * 7) % addresses.length];
    const response = await fetch(address).catch((cause) => ({ ok: false, status: String(cause), text: async () => "" }));
    if (!response.ok) {
      problem(`${response.status} for ${address}: ${await response.text()}`);
      continue;
    }
    const { build_id } = await response.json();
    if (build_id < newest) problem(`${build_id} after ${newest}`);
    newest = build_id;
    builds.add(build_id);
    nAnswers += 1;
  }
}

/** Looks at each frame that is painted: tiles that say they are current are of one build, and none has failed. */
async function look(browser, page) {
  const tab = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  tab.on("pageerror", (error) => problem(`script: ${error.message}`));
  tab.on("response", (response) => response.status() >= 400 && problem(`${response.status()} for ${response.url()}`));
  await tab.goto(`${base}/pages/${page}`);
  await tab.evaluate(() => {
    globalThis.seen = { nFrames: 0, mixed: [], failed: 0, builds: [] };
    (function frame() {
      const current = [...document.querySelectorAll('.tile[data-state="ready"]')];
      const shown = new Set(current.map((tile) => tile.dataset.build));
      if (shown.size > 1) globalThis.seen.mixed.push([...shown].join(" beside "));
      for (const build of shown) if (!globalThis.seen.builds.includes(build)) globalThis.seen.builds.push(build);
      globalThis.seen.failed += document.querySelectorAll('.tile[data-state="error"]').length;
      globalThis.seen.nFrames += 1;
      requestAnimationFrame(frame);
    })();
  });
  await tab.waitForTimeout(Math.max(0, end - Date.now()));
  const seen = await tab.evaluate(() => globalThis.seen);
  if (seen.mixed.length > 0) problem(`${page}: ${seen.mixed.length} of ${seen.nFrames} frames mix builds, first ${seen.mixed[0]}`);
  if (seen.failed > 0) problem(`${page}: a tile failed in ${seen.failed} frames`);
  console.log(`${page}: ${seen.nFrames} frames of ${seen.builds.length} builds, ${seen.mixed.length} mixed`);
  return seen.builds.length;
}

const browser = await launch();
try {
  const addresses = await tiles();
  const clients = Array.from({ length: CLIENTS }, (_, n) => client(addresses, n * 31));
  const looks = PAGES.map((page) => look(browser, page));
  const nSeen = await Promise.all(looks);
  await Promise.all(clients);
  console.log(`${nAnswers} answers to ${CLIENTS} clients from ${builds.size} builds, ${problems.length} problems`);
  if (builds.size < 2 || nSeen.some((n) => n < 2)) problem("no second build was met, so nothing was shown");
} finally {
  await browser.close();
}
process.exitCode = problems.length > 0 ? 1 : 0;
