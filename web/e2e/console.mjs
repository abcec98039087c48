// The console: statements that run, that are wrong, and that must be refused.
import { axe, becomes, openTab, settled } from "./browser.mjs";
import { check } from "./report.mjs";

/** Every example, a wrong name, and what must be refused. */
export async function askConsole(browser, base, shoot) {
  const tab = await openTab(browser, base, { refused: /\/api\/console$/ });
  await tab.goto(`${base}/pages/console`);
  await settled(tab);
  await tab.waitForSelector(".browser summary");
  await tab.getByRole("button", { name: "Examples" }).click();
  for (const example of await tab.locator(".shelf-list button").all()) {
    const name = await example.textContent();
    await example.click();
    await run(tab);
    check((await tab.locator(".outcome tbody tr").count()) > 0, `console: the example “${name}” gives no rows: ${await said(tab)}`);
  }
  await axe(tab, "console with rows");
  await shoot(tab, "console-rows");
  const file = tab.waitForEvent("download");
  await tab.getByRole("button", { name: "CSV" }).click();
  check((await file).suggestedFilename().endsWith(".csv"), "console: no CSV");

  await tab.fill(".editor textarea", "select title,\n    no_such_column\nfrom mart_movies");
  await run(tab);
  check((await tab.textContent(".outcome [role=alert]")).includes("no_such_column"), "console: the database's error is not shown");
  check((await tab.textContent(".editor-bad").catch(() => "")) === "2", "console: the line of the error is not marked");
  await axe(tab, "console with an error");
  await shoot(tab, "console-error");
  for (const sql of ["delete from mart_movies", "drop table mart_movies", "create table mine as select 1 as a"]) {
    await tab.fill(".editor textarea", sql);
    await run(tab);
    check((await tab.locator(".outcome [role=alert]").count()) === 1, `console: “${sql}” was not refused`);
  }
  await tab.reload();
  await settled(tab);
  check((await tab.inputValue(".editor textarea")).startsWith("create table"), "console: a link does not bring its statement");
  check((await tab.locator(".outcome table, .outcome [role=alert]").count()) === 0, "console: a link runs by itself");
  await tab.goBack();
  check(await becomes(tab, async () => (await tab.inputValue(".editor textarea")).startsWith("drop table")), "console: Back does not bring the statement before");
  await tab.getByRole("button", { name: "History" }).click();
  check((await tab.locator(".shelf-list li").count()) > 5, "console: the history is short");
  await tab.context().close();
}

async function run(tab) {
  const answered = tab.waitForResponse((response) => response.url().endsWith("/api/console"));
  await tab.press(".editor textarea", "Control+Enter");
  await answered;
  await tab.waitForSelector('.outcome[aria-busy="false"]');
}

async function said(tab) {
  return (await tab.textContent(".outcome")).slice(0, 300);
}
