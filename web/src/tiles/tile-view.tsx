import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { tileUrl } from "../api/client";
import type { Answer, Page, Row, Tile } from "../api/schema";
import { address, setValue, valueOf } from "../app/address";
import { catalogue } from "../app/catalogue";
import { Chart } from "../charts/chart";
import { summarized } from "../charts/summary";
import { valueIn } from "../ui/cells";
import { DataTable } from "../ui/data-table";
import { Figures } from "../ui/figures";
import { rememberHeight, rememberedHeight } from "../ui/heights";
import { type Place, actionsOf, askedQuery, brushedYears, isChosen } from "./actions";
import { pageNames } from "./drill-names";
import { Evidence } from "./evidence";
import { Explain } from "./explain";
import { filled } from "./labels";
import { likelyHeight } from "./likely-height";
import { Message } from "./message";
import { orderOf, ORDER, ordersWith } from "./order";
import { Toolbar } from "./toolbar";
import { type TileState, useAnswer } from "./use-answer";

interface Props {
  page: Page;
  tile: Tile;
  /** It takes the whole line where others stand in pairs. */
  isAlone: boolean;
}

export function TileView({ page, tile, isAlone }: Props) {
  const query = address.value;
  const known = catalogue.value;
  const asked = askedQuery({ page, tile, query, catalogue: known });
  const [state, retry] = useAnswer(tileUrl(page.name, tile.id, asked));
  const [isTable, setIsTable] = useState(tile.kind === "table" || orderOf(query, tile.id) !== null);
  const [isExplained, setIsExplained] = useState(false);
  const [drillNames, setDrillNames] = useState<string[] | null>(null);
  useEffect(() => {
    if (tile.drill) pageNames(tile.drill.page).then(setDrillNames);
  }, [tile]);
  const place: Place = { page, tile, query, catalogue: known, drillNames };
  const heading = `${page.name}-${tile.id}`;
  const title = filled(tile.title, page, query, known);
  const subtitle = filled(tile.subtitle, page, query, known);
  const note = tile.note ? filled(tile.note, page, query, known) : null;
  const texts = { title, subtitle, note };
  const kind = `tile tile-${tile.kind}${isAlone ? " tile-alone" : ""}`;
  return (
    <section class={kind} id={tile.id} aria-labelledby={heading} aria-busy={state.isLoading} data-state={stateName(state)} data-build={state.answer?.build_id}>
      <div class="tile-rail">
        <h2 id={heading}>{title}</h2>
        <p class="tile-subtitle">{subtitle}</p>
        <Evidence answer={state.answer} page={page} scope={tile.scope} />
        {note && <p class="tile-note">{note}</p>}
        <Toolbar
          place={place}
          texts={texts}
          answer={state.answer}
          asked={asked}
          isTable={isTable}
          onTable={setIsTable}
          isExplained={isExplained}
          onExplain={setIsExplained}
        />
      </div>
      <div class="tile-body">
        <Body place={place} state={state} retry={retry} isTable={isTable} title={title} />
        {isExplained && state.answer && <Explain answer={state.answer} texts={texts} id={`${tile.id}-explained`} />}
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

interface BodyProps {
  place: Place;
  state: TileState;
  retry: () => void;
  isTable: boolean;
  title: string;
}

function Body({ place, state, retry, isTable, title }: BodyProps) {
  const { answer, problem } = state;
  const { page, tile } = place;
  if (problem || !answer || answer.rows.length === 0 || answer.N === 0) {
    const height = rememberedHeight(`${page.name}.${tile.id}`, likelyHeight(tile, innerWidth));
    const isFiltered = !page.subject && tile.scope !== "catalogue" && page.filters.length > 0;
    return <Message state={state} isFiltered={isFiltered} tile={tile} retry={retry} height={height} />;
  }
  return <Ready place={place} answer={answer} isTable={isTable} title={title} />;
}

/** Charts are drawn a moment after they are there. */
function isDrawn(element: HTMLElement): boolean {
  return [...element.querySelectorAll<HTMLElement>(".chart")].every((chart) => chart.dataset.drawn === "true");
}

function Ready({ place, answer, isTable, title }: Omit<BodyProps, "state" | "retry"> & { answer: Answer }) {
  const { page, tile, query, catalogue: known } = place;
  const { select, spec } = tile;
  const chosen = select ? valueOf(query, select.filter) : "";
  const isRowChosen = useMemo(() => {
    if (!select || chosen === "") return null;
    const isIt = (row: Row) => isChosen(select, query, known, valueIn(answer.columns, row, select.column));
    return answer.rows.some(isIt) ? isIt : null;
  }, [select, chosen, known, answer]);
  const measure = useCallback(
    (element: HTMLElement | null) => rememberHeight(`${page.name}.${tile.id}`, element, isDrawn),
    [page, tile],
  );
  const rowActions = (row: Row) => actionsOf(place, answer, row);
  if (tile.kind === "numbers") {
    return (
      <div ref={measure}>
        <Figures answer={answer} />
      </div>
    );
  }
  if (isTable || !spec) {
    return (
      <div ref={spec ? undefined : measure}>
        {spec && <p class="chart-summary">{summarized(answer, spec)}</p>}
        <DataTable
          answer={answer}
          caption={title}
          actionsOf={select || tile.drill ? rowActions : null}
          isChosen={isRowChosen}
          order={orderOf(query, tile.id)}
          onOrder={(order) => setValue(ORDER, ordersWith(query, tile.id, order))}
        />
      </div>
    );
  }
  return (
    <div class="chart-slot" ref={measure}>
      <Chart
        answer={answer}
        spec={spec}
        title={title}
        actionsOf={rowActions}
        isChosen={isRowChosen}
        onClear={select && chosen !== "" ? () => setValue(select.filter, "") : null}
        onBrush={
          select?.brush
            ? (rows) => {
                const years = brushedYears(answer, select, rows, known);
                if (years !== null) setValue(select.filter, years);
              }
            : null
        }
      />
    </div>
  );
}
