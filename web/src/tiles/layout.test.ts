import { expect, test } from "vitest";
import { alone } from "./layout";

function laid(kinds: string): string[] {
  const names = { c: "chart", t: "table", n: "numbers" } as const;
  return [...alone([...kinds].map((kind, index) => ({ id: `${kind}${index}`, kind: names[kind as "c"] })))];
}

test("a chart without a neighbour takes the line", () => {
  expect(laid("nccct")).toEqual(["c3"]);
  expect(laid("ctcc")).toEqual(["c0"]);
  expect(laid("cctc")).toEqual(["c3"]);
  expect(laid("ntcc")).toEqual([]);
});
