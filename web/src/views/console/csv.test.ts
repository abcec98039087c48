import { expect, test } from "vitest";
import { csvOf } from "./csv";

test("a result becomes a file that says what it is, with unknown left empty", () => {
  const columns = [
    { name: "title", type: "VARCHAR" },
    { name: "budget_usd", type: "BIGINT" },
  ];
  const rows = [
    ['Say "Yes", again', 5],
    ["Blank", null],
  ];
  const answer = { columns, rows, is_truncated: true, elapsed_ms: 1, build_id: "20261124T112216617Z" };
  expect(csvOf(answer, "select title,\n  budget_usd").split("\r\n")).toEqual([
    "# This product uses the TMDB API but is not endorsed or certified by TMDB.",
    "# build_id: 20261124T112216617Z",
    "# the first 2 rows",
    "# select title,",
    "#   budget_usd",
    "title,budget_usd",
    '"Say ""Yes"", again",5',
    "Blank,",
    "",
  ]);
});
