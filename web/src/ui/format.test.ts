import { expect, test } from "vitest";
import { formatCell, formatDate, formatFloor, formatShare, formatUsd } from "./format";

test("dollars keep three figures and change unit before they round up to a thousand", () => {
  const cases: [number, string][] = [
    [0, "$0"],
    [950, "$950"],
    [1_000, "$1.00K"],
    [38_500_000, "$38.5M"],
    [237_000_000, "$237M"],
    [999_600_000, "$1.00B"],
    [1_218_835_963, "$1.22B"],
    [-4_200_000, "−$4.20M"],
  ];
  for (const [value, text] of cases) expect(formatUsd(value)).toBe(text);
});

test("shares are percent, small ones with a decimal", () => {
  expect(formatShare(1.2133)).toBe("121%");
  expect(formatShare(0.034)).toBe("3.4%");
  expect(formatShare(-0.45)).toBe("−45%");
  expect(formatShare(0)).toBe("0%");
  expect(formatShare(47.123)).toBe("4,712%");
});

test("unknown is a dash and never a zero", () => {
  expect(formatCell(null, "usd")).toBe("–");
  expect(formatCell(0, "usd")).toBe("$0");
});

test("years are not grouped and dates do not move with the time zone", () => {
  expect(formatCell(1994, "year")).toBe("1994");
  expect(formatCell(12345, "count")).toBe("12,345");
  expect(formatCell(2.5, "multiple")).toBe("2.5×");
  expect(formatDate("2026-11-20T23:59:59")).toBe("20 Nov 2026");
  expect(formatDate("unknown")).toBe("unknown");
});

test("minutes, decimals and flags say what they are", () => {
  expect(formatCell(1204, "minutes")).toBe("1,204 min");
  expect(formatCell(-0.336, "number")).toBe("−0.34");
  expect(formatCell(true, "flag")).toBe("yes");
  expect(formatCell(false, "flag")).toBe("no");
});

test("a floor is a round number", () => {
  expect([1_000, 100_000, 1_000_000, 1_500_000].map(formatFloor)).toEqual(["$1K", "$100K", "$1M", "$1.50M"]);
});
