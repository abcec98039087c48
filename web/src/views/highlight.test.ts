import { expect, test } from "vitest";
import { tokens } from "./highlight";

function check(sql: string, expected: string) {
  const shown = tokens(sql).map(({ kind, text }) => (kind === "plain" ? text : `<${kind}:${text}>`));
  expect(shown.join("")).toBe(expected);
  expect(
    tokens(sql)
      .map(({ text }) => text)
      .join(""),
  ).toBe(sql);
}

test("keywords, texts, names, numbers and comments are told apart", () => {
  check("select title from mart_movies", "<keyword:select> title <keyword:from> mart_movies");
  check("where a = 'it''s from' -- from", "<keyword:where> a = <string:'it''s from'> <comment:-- from>");
  check('select "from", 1.5e3, x2', '<keyword:select> <name:"from">, <number:1.5e3>, x2');
});

test("what is not closed runs to the end and loses nothing", () => {
  check("select 'open from", "<keyword:select> <string:'open from>");
  check("/* from\nwhere", "<comment:/* from\nwhere>");
  check("", "");
});
