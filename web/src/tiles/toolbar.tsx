import { useState } from "preact/hooks";
import { dataUrl } from "../api/client";
import type { Answer } from "../api/schema";
import { copyText } from "../ui/clipboard";
import { type MenuItem, menu, openMenu } from "../ui/menu";
import { type Place, drillUrl } from "./actions";
import { printTile } from "./print";

export interface Texts {
  title: string;
  subtitle: string;
  note: string | null;
}

interface Props {
  place: Place;
  texts: Texts;
  answer: Answer | null;
  /** The query that the answer is of. */
  asked: string;
  isTable: boolean;
  onTable: (isTable: boolean) => void;
  isExplained: boolean;
  onExplain: (isExplained: boolean) => void;
}

export function Toolbar({ place, texts, answer, asked, isTable, onTable, isExplained, onExplain }: Props) {
  const { tile } = place;
  const [said, setSaid] = useState("");
  const label = `Export ${texts.title}`;

  /** Says what was done, or why not. */
  function doing(done: string, work: () => Promise<void>): () => void {
    return () => {
      setSaid("…");
      work().then(
        () => setSaid(done),
        (cause: unknown) => setSaid(`Not done: ${cause instanceof Error ? cause.message : String(cause)}`),
      );
    };
  }

  const hasAllFilms = tile.drill && Object.keys(tile.drill.with ?? {}).length === 0;
  return (
    <div class="tile-actions">
      {tile.kind === "chart" && (
        <button type="button" aria-pressed={isTable} onClick={() => onTable(!isTable)}>
          {isTable ? "Show chart" : "Show table"}
        </button>
      )}
      <button type="button" aria-expanded={isExplained} onClick={() => onExplain(!isExplained)}>
        Explain
      </button>
      <button
        type="button"
        class="opens-menu"
        aria-haspopup="menu"
        aria-expanded={menu.value?.label === label}
        onClick={(event) => {
          const opener = event.currentTarget;
          setSaid("");
          openMenu({ label, heading: null, items: items(place, texts, answer, asked, doing), anchor: opener.getBoundingClientRect(), opener });
        }}
      >
        Export
      </button>
      {hasAllFilms && <a href={drillUrl(place, {})}>See the films</a>}
      <span class="tile-said" role="status">
        {said}
      </span>
    </div>
  );
}

type Doing = (done: string, work: () => Promise<void>) => () => void;

function items({ page, tile, query, catalogue }: Place, texts: Texts, answer: Answer | null, asked: string, doing: Doing): MenuItem[] {
  const files: MenuItem[] = [
    { group: "Download", label: "CSV", href: dataUrl(page.name, tile.id, asked, "csv"), isDownload: true },
    { group: "Download", label: "Parquet", href: dataUrl(page.name, tile.id, asked, "parquet"), isDownload: true },
  ];
  const link = `${location.origin}${location.pathname}${query ? `?${query}` : ""}#${tile.id}`;
  const copies: MenuItem[] = [{ group: "Copy", label: "Link to this tile", run: doing("Link copied", () => copyText(link)) }];
  if (answer) copies.push({ group: "Copy", label: "SQL", run: doing("SQL copied", () => copyText(answer.sql)) });
  if (answer && tile.spec) {
    const drawn = { page, tile, query, catalogue, texts, answer };
    for (const kind of ["png", "svg"] as const) {
      const run = doing(`${kind.toUpperCase()} saved`, async () => (await import("./export/save")).savePicture(drawn, kind));
      files.push({ group: "Download", label: kind === "png" ? "PNG picture" : "SVG drawing", run });
    }
    const run = doing("Vega-Lite copied", async () => copyText((await import("./export/save")).specText(drawn)));
    copies.push({ group: "Copy", label: "Vega-Lite", run });
  }
  return [...files, ...copies, { group: "Paper", label: "Print", run: () => printTile(tile.id) }];
}
