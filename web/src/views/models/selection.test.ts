import { expect, test } from "vitest";
import type { ModelEntry } from "../../api/schema";
import { distinct, isWanted } from "./selection";

const tests = { pass: 4, warn: 0, fail: 0, skip: 0 };
const mart: ModelEntry = {
  name: "mart_movies",
  layer: "marts",
  kind: "model",
  materialized: "table",
  group: "marts",
  access: "public",
  description: "Everything that pages filter films by.",
  depends_on: [],
  tests,
  seconds: 0.4,
  is_public: true,
};
const staging: ModelEntry = { ...mart, name: "stg_tmdb__movies", layer: "staging", group: null, is_public: false, tests: { ...tests, warn: 1 } };

function check(query: string, expected: string[]) {
  expect([mart, staging].filter((model) => isWanted(model, query)).map(({ name }) => name)).toEqual(expected);
}

test("words are looked for in names and descriptions", () => {
  check("", ["mart_movies", "stg_tmdb__movies"]);
  check("q=MART+films", ["mart_movies"]);
  check("q=nothing", []);
});

test("the filters of the address narrow the list together", () => {
  check("layer=staging", ["stg_tmdb__movies"]);
  check("group=marts&public=1", ["mart_movies"]);
  check("trouble=1", ["stg_tmdb__movies"]);
  check("trouble=1&public=1", []);
  expect(distinct([staging, mart, mart], "layer")).toEqual(["staging", "marts"]);
  expect(distinct([staging, mart], "group")).toEqual(["marts"]);
});
