// A tab that notes what a page must never do, and what a reader waits for.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";
import { chromium } from "playwright-core";
import { check, problem } from "./report.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const WAIT_MS = 20_000;

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}

/** `refused` matches addresses whose refusal is what the journey wants to see. */
export async function openTab(browser, base, { refused = null, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  tab.setDefaultTimeout(WAIT_MS);
  tab.on("console", (message) => {
    const isExpected = refused?.test(message.location().url) && message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isExpected) problem(`console: ${message.text()} (${tab.url()})`);
  });
  tab.on("pageerror", (error) => problem(`script: ${error.message} (${tab.url()})`));
  tab.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const isLocal = protocol === "data:" || protocol === "blob:" || origin === new URL(base).origin;
    if (!isLocal) problem(`request off the server: ${request.url()}`);
  });
  tab.on("response", (response) => {
    if (response.status() >= 400 && !refused?.test(response.url())) problem(`${response.status()} for ${response.url()}`);
  });
  return tab;
}

/** Waits until views and tiles have what they asked for and every chart is drawn. */
export async function settled(tab) {
  await tab.waitForFunction(() => {
    const view = document.getElementById("view");
    if (view && (view.childElementCount === 0 || view.querySelector("noscript") || view.closest("[aria-busy=true]") || view.querySelector("[aria-busy=true]"))) return false;
    const subject = document.getElementById("subject");
    if (subject && !subject.querySelector(".subject-head:not([aria-busy=true])")) return false;
    return [...document.querySelectorAll(".tile")].every((tile) => {
      const isDone = ["ready", "empty", "error"].includes(tile.dataset.state) && [...tile.querySelectorAll(".chart")].every((chart) => chart.dataset.drawn === "true");
      // A tile may wait until it is looked at.
      if (!isDone) tile.scrollIntoView({ block: "center" });
      return isDone;
    });
  });
}

/** What each chart on the page shows. */
export function marks(tab) {
  return tab.evaluate(() =>
    [...document.querySelectorAll(".chart")].map((chart) => ({
      tile: chart.closest(".tile").id,
      n: chart.querySelectorAll("canvas").length || chart.querySelectorAll('[class*="mark-"] path:not(.background)').length,
      // Shapes and texts alone: the ids of clips differ from one drawing to the next.
      picture: [...chart.querySelectorAll("path, text")].map((node) => node.getAttribute("d") ?? node.textContent).join(";"),
    })),
  );
}

/** Looks again until what is asked for is so: a change is drawn a moment after the address has it. */
export async function becomes(tab, isWanted) {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end) {
    await settled(tab);
    if (await isWanted()) return true;
    await tab.waitForTimeout(50);
  }
  return false;
}

export async function picture(tab) {
  return JSON.stringify(await marks(tab));
}

/** Nothing serious or critical. The tool is injected past the policy; the page itself runs under it. */
export async function axe(tab, where) {
  await tab.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))));
  await tab.evaluate(AXE);
  const results = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = results.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  check(serious.length === 0, serious.map(({ id, help, nodes }) => `axe ${where}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`).join("\n- "));
}

export async function checkWidth(tab, where) {
  const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(overflow <= 0, `${where}: scrolls sideways by ${overflow} px`);
}

/** Asks the server as the page would. */
export function ask(tab, path) {
  return tab.evaluate(async (address) => (await fetch(address)).json(), path);
}
