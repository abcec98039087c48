import { expect, test } from "vitest";
import { type Words, broken, composed, svgDocument } from "./picture";

const words: Words = {
  title: "Typical return by genre",
  subtitle: "Median return, a film counts in each of its genres",
  note: "Dot = median film.",
  filters: "Years 1990–2016 · Language English",
  evidence: "1,617 of 3,336 films · coverage 48% · as of 20 Nov 2026",
};
const measure = (text: string) => text.length * 8;
const inks = { paper: "#fff", ink: "#111", muted: "#666", rule: "#ddd", serif: 'Georgia, "Book"', sans: "sans-serif" };

test("a picture says title, filters, evidence and source, in this order and inside its borders", () => {
  const picture = composed(words, { width: 900, height: 300 }, measure);
  const said = picture.lines.map(({ text }) => text);
  expect(said.slice(0, 4)).toEqual([words.title, words.subtitle, words.filters, words.evidence]);
  expect(said.at(-1)).toBe("Source: TMDB. This product uses the TMDB API but is not endorsed or certified by TMDB.");
  const heights = picture.lines.map(({ y }) => y);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
  expect(Math.max(...heights)).toBeLessThan(picture.height);
  expect(picture.lines[3]?.y).toBeLessThan(picture.chart.y);
  expect(picture.lines[4]?.y).toBeGreaterThan(picture.chart.y + 300);
});

test("long texts are broken between words, and the picture grows", () => {
  expect(broken("one two three", 60, measure)).toEqual(["one two", "three"]);
  const wide = composed(words, { width: 900, height: 300 }, measure);
  const narrow = composed(words, { width: 200, height: 300 }, measure);
  expect(narrow.height).toBeGreaterThan(wide.height);
});

test("the document keeps the chart and escapes what people wrote", () => {
  const picture = composed({ ...words, title: 'Films < "5" & more' }, { width: 900, height: 300 }, measure);
  const svg = svgDocument(picture, "<svg><path/></svg>", inks);
  expect(svg).toContain("Films &lt; &quot;5&quot; &amp; more");
  expect(svg).toContain("<svg><path/></svg>");
  expect(svg).toContain('font-family="Georgia, &quot;Book&quot;"');
});
