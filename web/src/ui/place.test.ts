import { expect, test } from "vitest";
import { position } from "./place";

const window = { width: 1000, height: 800 };

test("a panel opens below, above when there is no room, and never leaves the window", () => {
  expect(position({ left: 100, right: 180, top: 50, bottom: 80 }, 300, 200, window)).toEqual([100, 86]);
  expect(position({ left: 900, right: 980, top: 50, bottom: 80 }, 300, 200, window)).toEqual([692, 86]);
  expect(position({ left: 100, right: 180, top: 700, bottom: 730 }, 300, 200, window)).toEqual([100, 494]);
  expect(position({ left: 100, right: 180, top: 300, bottom: 400 }, 300, 900, window)).toEqual([100, 8]);
});
