import { expect, test } from "vitest";
import { matching } from "./pick-list";

const options = [
  { value: "FR", label: "France" },
  { value: "CI", label: "Côte d'Ivoire" },
  { value: "GB", label: "United Kingdom" },
  { value: "US", label: "United States of America" },
];

test("typing narrows a list without regard to accents, case and word order", () => {
  expect(matching(options, "cote").map(({ value }) => value)).toEqual(["CI"]);
  expect(matching(options, "united").map(({ value }) => value)).toEqual(["GB", "US"]);
  expect(matching(options, "STATES united").map(({ value }) => value)).toEqual(["US"]);
  expect(matching(options, "gb").map(({ value }) => value)).toEqual(["GB"]);
  expect(matching(options, " ")).toEqual(options);
  expect(matching(options, "atlantis")).toEqual([]);
});
