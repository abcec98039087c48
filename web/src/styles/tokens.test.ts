import { expect, test } from "vitest";
import css from "./tokens.css?raw";

/** Machado, Oliveira and Fernandes 2009: what an eye without red or without green sees, in linear RGB. */
const EYES = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanope: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranope: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
};
const MARKS = ["accent", "second", "third", "fourth", "good", "bad", "muted"];
/** In CIELAB; 2.3 is just noticeable side by side, and marks lie apart. */
const MIN_DISTANCE = 15;

const themes = {
  light: css.slice(0, css.indexOf("@media")),
  dark: css.slice(css.indexOf('[data-theme="dark"]')),
  "dark by the system": css.slice(css.indexOf("@media"), css.indexOf('[data-theme="dark"]')),
};

function linear(theme: string, name: string): number[] {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(theme)?.[1];
  if (!hex) throw new Error(`no colour ${name}`);
  return [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

function seen([r = 0, g = 0, b = 0]: number[], eye: number[]): number[] {
  return [0, 3, 6].map((at) => Math.min(1, Math.max(0, r * (eye[at] ?? 0) + g * (eye[at + 1] ?? 0) + b * (eye[at + 2] ?? 0))));
}

function lab([r = 0, g = 0, b = 0]: number[]): number[] {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(luminance([r, g, b]));
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function luminance([r = 0, g = 0, b = 0]: number[]): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: number[], b: number[]): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (light + 0.05) / (dark + 0.05);
}

test.each(Object.entries(themes))("marks are told apart by every eye: %s", (_, theme) => {
  const near: string[] = [];
  for (const [name, eye] of Object.entries(EYES)) {
    for (const [index, a] of MARKS.entries()) {
      for (const b of MARKS.slice(index + 1)) {
        const [left, right] = [a, b].map((mark) => lab(seen(linear(theme, mark), eye)));
        const distance = Math.hypot(...(left ?? []).map((part, at) => part - (right?.[at] ?? 0)));
        if (distance < MIN_DISTANCE) near.push(`${a} and ${b}, ${name}: ${distance.toFixed(1)}`);
      }
    }
  }
  expect(near).toEqual([]);
});

test.each(Object.entries(themes))("marks and words stand out from the paper: %s", (_, theme) => {
  const paper = linear(theme, "paper");
  for (const mark of MARKS) expect([mark, contrast(linear(theme, mark), paper)]).toSatisfy(([, ratio]) => ratio >= 3);
  for (const word of ["ink", "muted", "accent-ink", "good-ink", "bad-ink"]) {
    expect([word, contrast(linear(theme, word), paper)]).toSatisfy(([, ratio]) => ratio >= 4.5);
  }
});
