import { expect, test } from "vitest";
import { verdictsInWords, worst } from "./verdicts";

test("verdicts are said worst first, and zeros not at all", () => {
  expect(verdictsInWords({ pass: 1479, warn: 0, fail: 0, skip: 0 })).toBe("1,479 passed");
  expect(verdictsInWords({ pass: 3, warn: 1, fail: 2, skip: 4 })).toBe("2 failed, 1 warned, 4 not run, 3 passed");
  expect(verdictsInWords({ pass: 0, warn: 0, fail: 0, skip: 0 })).toBe("no tests");
});

test("one failure outweighs what passed", () => {
  expect(worst({ pass: 30, warn: 2, fail: 1, skip: 0 })).toBe("fail");
  expect(worst({ pass: 0, warn: 0, fail: 0, skip: 0 })).toBe("none");
});
