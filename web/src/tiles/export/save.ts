import type { Answer, Catalogue, Page, Tile } from "../../api/schema";
import { inWords } from "../../app/filters";
import { readInks, readTheme } from "../../charts/theme-colours";
import { buildSpec } from "../../charts/vega/spec";
import { viewOf } from "../../charts/vega/view";
import { evidenceText } from "../evidence";
import type { Texts } from "../toolbar";
import { FONTS, type Font, type Inks, type Picture, composed, svgDocument } from "./picture";

interface Drawn {
  page: Page;
  tile: Tile;
  query: string;
  catalogue: Catalogue | null;
  texts: Texts;
  answer: Answer;
}

const WIDTH = 896;
/** Twice the pixels, for paper and sharp screens. */
const SCALE = 2;

/** A picture on paper, whatever the screen's colours: it may be looked at anywhere. */
export async function savePicture(drawn: Drawn, kind: "png" | "svg"): Promise<void> {
  const view = await viewOf(specOf(drawn), { renderer: "none" }).runAsync();
  const inks = readInks();
  const svg = await view.toSVG();
  const size = { width: Number(/ width="([\d.]+)"/.exec(svg)?.[1]), height: Number(/ height="([\d.]+)"/.exec(svg)?.[1]) };
  const picture = composed(wordsOf(drawn), size, measurer(inks));
  const name = `${drawn.page.name}-${drawn.tile.id}.${kind}`;
  if (kind === "svg") download(new Blob([svgDocument(picture, svg, inks)], { type: "image/svg+xml" }), name);
  else download(await painted(picture, (await view.toCanvas(SCALE)) as HTMLCanvasElement, inks), name);
  view.finalize();
}

/** The whole drawing as the Vega editor takes it, data inside. */
export function specText(drawn: Drawn): string {
  const { title, subtitle } = wordsOf(drawn);
  const { background, ...config } = specOf(drawn).config as Record<string, unknown>;
  const spec = {
    ...specOf(drawn),
    title: { text: title, subtitle, anchor: "start", offset: 16 },
    description: `${wordsOf(drawn).filters} ${wordsOf(drawn).evidence}. Source: TMDB, which neither endorses nor certifies this.`.trim(),
    background: readTheme("light").paper,
    config,
  };
  return JSON.stringify(spec, null, 2);
}

function specOf({ tile, answer }: Drawn): Record<string, unknown> {
  return buildSpec(tile.spec ?? {}, answer, { theme: readTheme("light"), isNarrow: false, width: WIDTH });
}

function wordsOf({ page, tile, query, catalogue, texts, answer }: Drawn) {
  const set = answer.filters ?? inWords(page, query, catalogue);
  const filters = tile.scope === "catalogue" && !page.subject ? "All films, not filtered" : set.map(({ label, value }) => `${label}: ${value}`).join(" · ");
  return { ...texts, filters, evidence: evidenceText(answer, page) };
}

function fontOf(font: Font, inks: Inks): string {
  const { size, weight, family } = FONTS[font];
  return `${weight} ${size}px ${inks[family]}`;
}

function measurer(inks: Inks): (text: string, font: Font) => number {
  const context = document.createElement("canvas").getContext("2d");
  return (text, font) => {
    if (!context) return text.length * FONTS[font].size * 0.5;
    context.font = fontOf(font, inks);
    return context.measureText(text).width;
  };
}

function painted(picture: Picture, chart: HTMLCanvasElement, inks: Inks): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * SCALE;
  canvas.height = picture.height * SCALE;
  const context = canvas.getContext("2d");
  if (!context) return Promise.reject(new Error("the browser cannot paint"));
  context.scale(SCALE, SCALE);
  context.fillStyle = inks.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const line of picture.lines) {
    context.font = fontOf(line.font, inks);
    context.fillStyle = line.isMuted ? inks.muted : inks.ink;
    context.fillText(line.text, line.x, line.y);
  }
  const { x, y, width, height } = picture.chart;
  context.drawImage(chart, x, y, width, height);
  context.fillStyle = inks.rule;
  context.fillRect(picture.rule.x1, picture.rule.y, picture.rule.x2 - picture.rule.x1, 1);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png");
  });
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
