import { useState } from "preact/hooks";
import { dataUrl, tileUrl } from "../api/client";
import type { Page, Tile } from "../api/schema";
import { address } from "../app/address";
import { Chart } from "../charts/chart";
import { DataTable } from "../ui/data-table";
import { Figures } from "../ui/figures";
import { filled } from "./labels";
import { Source } from "./source";
import { Evidence } from "./evidence";
import { type TileState, useAnswer } from "./use-answer";

interface Props {
  page: Page;
  tile: Tile;
}

export function TileView({ page, tile }: Props) {
  const query = address.value;
  const state = useAnswer(tileUrl(page.name, tile.id, query));
  const [isTable, setIsTable] = useState(tile.kind === "table");
  const heading = `${page.name}-${tile.id}`;
  return (
    <section
      class={`tile tile-${tile.kind}`}
      id={tile.id}
      aria-labelledby={heading}
      aria-busy={state.isLoading}
      data-state={stateName(state)}
    >
      <div class="tile-rail">
        <h2 id={heading}>{filled(tile.title, page.parameters, query)}</h2>
        <p class="tile-subtitle">{filled(tile.subtitle, page.parameters, query)}</p>
        {state.answer && <Evidence answer={state.answer} />}
        {tile.note && !isTable && <p class="tile-note">{tile.note}</p>}
        <div class="tile-actions">
          {tile.kind === "chart" && (
            <button type="button" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
              {isTable ? "Show chart" : "Show table"}
            </button>
          )}
          <a href={dataUrl(page.name, tile.id, query, "csv")} download>
            CSV
          </a>
        </div>
      </div>
      <div class="tile-body">
        <Body tile={tile} state={state} isTable={isTable} />
        {state.answer && <Source answer={state.answer} />}
      </div>
    </section>
  );
}

function stateName({ answer, problem, isLoading }: TileState): string {
  if (problem) return "error";
  if (!answer) return "loading";
  if (isLoading) return "stale";
  return answer.rows.length === 0 || answer.N === 0 ? "empty" : "ready";
}

function Body({ tile, state, isTable }: { tile: Tile; state: TileState; isTable: boolean }) {
  const { answer, problem } = state;
  if (problem) {
    return (
      <div class="tile-message" role="alert">
        <p>
          <strong>{problem.message}.</strong>
        </p>
        {problem.hint && <p>Hint: {problem.hint}</p>}
      </div>
    );
  }
  if (!answer) return <p class="tile-message tile-loading">Asking the warehouse…</p>;
  if (answer.rows.length === 0 || answer.N === 0) {
    if (answer.as_of === null) {
      return (
        <p class="tile-message">
          The warehouse holds no films yet. Run <code>filmstar ingest</code> and <code>filmstar build</code>, then reload.
        </p>
      );
    }
    return <p class="tile-message">No films in this filter have the figures that this needs. Widen the years or drop a filter.</p>;
  }
  if (tile.kind === "numbers") return <Figures answer={answer} />;
  if (isTable || !tile.spec) return <DataTable answer={answer} caption={tile.title} />;
  return <Chart answer={answer} spec={tile.spec} title={tile.title} />;
}
