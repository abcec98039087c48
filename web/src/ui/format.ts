import type { Cell, Format } from "../api/schema";

const UNKNOWN = "–";
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function formatCount(value: number): string {
  return minus(counts.format(value));
}

/** 1.2 means 120 %; a small share keeps a decimal. */
export function formatShare(value: number): string {
  const percent = value * 100;
  const digits = percent !== 0 && Math.abs(percent) < 10 ? 1 : 0;
  return `${minus(trimmed(percent, digits))}%`;
}

/** Three figures and a unit: $1.24B, $38.5M, $950K. */
export function formatUsd(value: number): string {
  const size = Math.abs(value);
  const [divisor, unit] = size >= 999.5e6 ? [1e9, "B"] : size >= 999.5e3 ? [1e6, "M"] : size >= 1e3 ? [1e3, "K"] : [1, ""];
  const scaled = size / divisor;
  const digits = unit === "" || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return `${value < 0 ? "−" : ""}$${scaled.toFixed(digits)}${unit}`;
}

/** A round number of dollars without the figures that say nothing: $100K, $1M. */
export function formatFloor(value: number): string {
  return formatUsd(value).replace(/\.0+(?=[KMB])/, "");
}

/** `2026-11-20` as `20 Nov 2026`, without a time zone's help. */
export function formatDate(iso: string): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

export function formatTime(iso: string): string {
  return `${formatDate(iso)}, ${iso.slice(11, 16)} UTC`;
}

/** A cell as a reader sees it; unknown is a dash, never a zero. */
export function formatCell(value: Cell, format: Format): string {
  if (value === null) return UNKNOWN;
  if (format === "date") return formatDate(String(value));
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  switch (format) {
    case "usd":
      return formatUsd(value);
    case "percent":
      return formatShare(value);
    case "count":
      return formatCount(value);
    case "multiple":
      return `${minus(value.toFixed(value >= 100 ? 0 : 1))}×`;
    case "rating":
      return value.toFixed(1);
    case "number":
      return minus(decimals.format(value));
    case "minutes":
      return `${formatCount(value)} min`;
    default:
      return String(value);
  }
}

const WORDS: ReadonlySet<Format> = new Set(["text", "date", "flag", "url"]);

export function isNumeric(format: Format): boolean {
  return !WORDS.has(format);
}

function trimmed(value: number, digits: number): string {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(value);
}

function minus(text: string): string {
  return text.replace("-", "−");
}
