/** What a picture says around its chart. */
export interface Words {
  title: string;
  subtitle: string;
  note: string | null;
  filters: string;
  evidence: string;
}

export type Font = "title" | "text" | "small";

export interface Line {
  text: string;
  font: Font;
  x: number;
  y: number;
  isMuted: boolean;
}

export interface Picture {
  width: number;
  height: number;
  lines: Line[];
  chart: { x: number; y: number; width: number; height: number };
  rule: { x1: number; x2: number; y: number };
}

export const FONTS: Record<Font, { size: number; leading: number; family: "serif" | "sans"; weight: number }> = {
  title: { size: 26, leading: 32, family: "serif", weight: 500 },
  text: { size: 15, leading: 21, family: "sans", weight: 400 },
  small: { size: 12.5, leading: 18, family: "sans", weight: 400 },
};

const MARGIN = 32;
const GAP = 18;
const SOURCE = "Source: TMDB. This product uses the TMDB API but is not endorsed or certified by TMDB.";

/** Where everything in a picture stands, for a chart of a given size. Sizes are in pixels. */
export function composed(words: Words, chart: { width: number; height: number }, measure: (text: string, font: Font) => number): Picture {
  const width = chart.width + 2 * MARGIN;
  const lines: Line[] = [];
  let y = MARGIN;
  function write(text: string, font: Font, isMuted: boolean): void {
    for (const part of broken(text, chart.width, (each) => measure(each, font))) {
      y += FONTS[font].leading;
      lines.push({ text: part, font, isMuted, x: MARGIN, y: y - FONTS[font].leading * 0.28 });
    }
  }
  write(words.title, "title", false);
  y += 4;
  write(words.subtitle, "text", true);
  y += 4;
  if (words.filters) write(words.filters, "small", false);
  write(words.evidence, "small", false);
  y += GAP;
  const place = { x: MARGIN, y, ...chart };
  y += chart.height + GAP;
  if (words.note) write(words.note, "small", true);
  y += GAP / 2;
  const rule = { x1: MARGIN, x2: width - MARGIN, y };
  y += 4;
  write(SOURCE, "small", true);
  return { width, height: Math.ceil(y + MARGIN / 2), lines, chart: place, rule };
}

/** Whole words to a line. */
export function broken(text: string, width: number, measure: (text: string) => number): string[] {
  return text.split(/\s+/).reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= width) return [...lines.slice(0, -1), `${last} ${word}`];
    return [...lines, word];
  }, []);
}

export interface Inks {
  paper: string;
  ink: string;
  muted: string;
  rule: string;
  serif: string;
  sans: string;
}

/** A picture as one SVG document, the chart's own SVG inside. */
export function svgDocument(picture: Picture, chartSvg: string, inks: Inks): string {
  const { width, height, chart, rule } = picture;
  const texts = picture.lines.map((line) => {
    const { size, family, weight } = FONTS[line.font];
    return `<text x="${line.x}" y="${line.y.toFixed(1)}" font-family="${escaped(inks[family])}" font-size="${size}" font-weight="${weight}" fill="${line.isMuted ? inks.muted : inks.ink}">${escaped(line.text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${inks.paper}"/>`,
    ...texts,
    `<svg x="${chart.x}" y="${chart.y}" width="${chart.width}" height="${chart.height}">${chartSvg}</svg>`,
    `<line x1="${rule.x1}" x2="${rule.x2}" y1="${rule.y}" y2="${rule.y}" stroke="${inks.rule}"/>`,
    "</svg>",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
