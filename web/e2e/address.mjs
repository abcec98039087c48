// Filter, Back, reload: the address is the state.
import { becomes, openTab, picture, settled } from "./browser.mjs";
import { check } from "./report.mjs";

const PAGE = "genres";

export async function useFilters(browser, base, shoot) {
  const tab = await openTab(browser, base);
  await tab.goto(`${base}/pages/${PAGE}`);
  await settled(tab);
  const before = await picture(tab);
  await tab.click('[popovertarget="filter-years"]');
  await tab.fill('#filter-years input[name="from"]', "2000");
  await tab.press('#filter-years input[name="from"]', "Tab");
  await tab.waitForURL((url) => url.searchParams.has("years"));
  await tab.keyboard.press("Escape");
  check(await becomes(tab, async () => (await picture(tab)) !== before), "no chart changed with the years");
  await tab.click('[popovertarget="filter-language"]');
  const options = tab.locator('#filter-language [role="option"]');
  await options.first().waitFor();
  check((await options.count()) > 1, "the language filter has no languages");
  const language = await options.nth(1).getAttribute("data-value");
  await options.nth(1).click();
  await tab.waitForURL((url) => url.searchParams.get("language") === language && url.searchParams.has("years"));
  await settled(tab);
  await tab.reload();
  await settled(tab);
  check((await tab.locator('.pill[data-set="true"]').count()) === 2, "a reload lost a filter");
  await shoot(tab, "filtered");
  await tab.goBack();
  await tab.goBack();
  await tab.waitForURL((url) => url.search === "");
  check(await becomes(tab, async () => (await picture(tab)) === before), "Back did not restore the charts");
  await explain(tab, base);
  await tab.context().close();
}

/** The SQL behind a chart, and its rows as a file that says what it is. */
async function explain(tab, base) {
  await tab.locator(".tile-chart").first().getByRole("button", { name: "Explain" }).click();
  check((await tab.textContent(".tile-chart .explain pre")).includes("mart_movies"), "the SQL is not shown");
  await tab.locator(".tile-chart").first().getByRole("button", { name: "Export" }).click();
  const href = await tab.getAttribute('.menu a[href*=".csv"]', "href");
  await tab.keyboard.press("Escape");
  const csv = await tab.request.get(`${base}${href}`);
  const lines = (await csv.text()).split(/\r?\n/);
  check(csv.ok() && lines.filter((line) => line !== "" && !line.startsWith("# ")).length > 1, "the CSV has no rows");
}
