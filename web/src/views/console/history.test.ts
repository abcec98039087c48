import { expect, test } from "vitest";
import { withNewest } from "./history";

test("the newest statement leads, once", () => {
  expect(withNewest(["a", "b"], "b")).toEqual(["b", "a"]);
  expect(withNewest([], "a")).toEqual(["a"]);
  expect(withNewest([...Array(30).keys()].map(String), "new")).toHaveLength(30);
});
