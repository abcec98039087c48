import { expect, test } from "vitest";
import { formatDuration } from "./duration";

test("a duration is said in the units that fit it", () => {
  const said = [0.0126, 0.9994, 1, 7.23, 59.96, 200, 7500].map(formatDuration);
  expect(said).toEqual(["13 ms", "999 ms", "1.0 s", "7.2 s", "1 min 0 s", "3 min 20 s", "2 h 5 min"]);
});
