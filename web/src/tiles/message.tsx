import type { Tile } from "../api/schema";
import { WithCode } from "../ui/with-code";
import type { TileState } from "./use-answer";

interface Props {
  state: TileState;
  isFiltered: boolean;
  tile: Tile;
  retry: () => void;
  height: number;
}

/** What stands in a tile that has nothing to show. */
export function Message({ state, isFiltered, tile, retry, height }: Props) {
  const { answer, problem } = state;
  if (problem) {
    return (
      <div class="tile-message" role="alert">
        <p>
          <strong>
            <WithCode text={problem.message} />.
          </strong>
        </p>
        {problem.hint && (
          <p>
            Hint: <WithCode text={problem.hint} />
          </p>
        )}
        <button type="button" onClick={retry}>
          Try again
        </button>
      </div>
    );
  }
  if (!answer) {
    return (
      <div class="skeleton" data-kind={tile.kind} style={{ height: `${height}px` }}>
        <p class="visually-hidden">Asking the warehouse…</p>
      </div>
    );
  }
  if (answer.as_of === null) {
    return (
      <p class="tile-message">
        The warehouse holds no films yet. Run <code>filmstar ingest</code> and <code>filmstar build</code>, then reload.
      </p>
    );
  }
  if (!isFiltered) return <p class="tile-message">There is nothing of this kind here.</p>;
  return <p class="tile-message">No films in this filter have the figures that this needs. Widen the years or drop a filter.</p>;
}
