import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { verdictsInWords, worst } from "../verdicts";
import { COLUMNS, type Graph, hrefOf, lineageOf } from "./graph";
import type { Drawing, Placed } from "./layout";
import { follow } from "./follow";
import { neighbour } from "./neighbour";
import { useDrag } from "./use-drag";

interface Props {
  graph: Graph;
  drawing: Drawing & { heads?: { label: string; x: number }[] };
  label: (id: string) => string;
  /** The model that the drawing is about. */
  focus?: string;
  title: string;
}

const ZOOMS = [0.5, 0.65, 0.8, 1, 1.25, 1.6];
/** Names can still be read at this size; what is wider yet is scrolled. */
const LEGIBLE = 0.85;
const PAD = 8;
const BOX = 20;

/** The graph: links in an SVG, reached by Tab and walked through with the arrow keys. */
export function Lineage({ graph, drawing, label, focus, title }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(1);
  const [active, setActive] = useState<string | null>(null);
  const [stop, setStop] = useState(focus ?? drawing.nodes[0]?.id ?? "");
  const lit = useMemo(() => (active === null ? null : lineageOf(graph, active)), [graph, active]);
  useDrag(frame);
  const [width, height] = [drawing.width + 2 * PAD, drawing.height + 2 * PAD];
  useLayoutEffect(() => setZoom(fit(frame.current, width, LEGIBLE)), [width]);
  useLayoutEffect(() => {
    const node = drawing.nodes.find(({ id }) => id === focus);
    if (!node || !frame.current) return;
    frame.current.scrollLeft = (node.x + node.width / 2) * zoom - frame.current.clientWidth / 2;
    setStop(node.id);
  }, [drawing, focus, zoom]);

  function onKeyDown(event: KeyboardEvent) {
    const next = neighbour(graph, drawing.nodes, stop, event.key);
    if (!next) return;
    event.preventDefault();
    setStop(next);
    frame.current?.querySelector<SVGAElement>(`[data-id="${CSS.escape(next)}"]`)?.focus();
  }

  return (
    <figure class="lineage">
      <div class="lineage-zoom">
        <button type="button" class="view-button" aria-label="Smaller" disabled={zoom === ZOOMS[0]} onClick={() => setZoom(step(zoom, -1))}>
          −
        </button>
        <button type="button" class="view-button" aria-label="Larger" disabled={zoom === ZOOMS.at(-1)} onClick={() => setZoom(step(zoom, 1))}>
          +
        </button>
        <button
          type="button"
          class="view-button"
          onClick={() => setZoom(fit(frame.current, width, 0.35))}
        >
          Fit
        </button>
        <p>Arrow keys go along the lines; Enter opens.</p>
      </div>
      <div ref={frame} class="lineage-frame" tabIndex={-1}>
        <svg
          role="group"
          aria-label={title}
          class={lit ? "has-active" : undefined}
          viewBox={`${-PAD} ${-PAD} ${width} ${height}`}
          width={width * zoom}
          height={height * zoom}
          onKeyDown={onKeyDown}
        >
          {drawing.heads?.map((head) => (
            <text key={head.label} class="lineage-head" x={head.x} y={10}>
              {head.label}
            </text>
          ))}
          <g aria-hidden="true">
            {drawing.routes.map(({ from, to, path }) => (
              <path key={`${from}>${to}`} d={path} class={lit?.has(from) && lit.has(to) ? "edge lit" : "edge"} />
            ))}
          </g>
          {drawing.nodes.map((node) => (
            <Node
              key={node.id}
              node={node}
              graph={graph}
              label={label(node.id)}
              classes={[focus === node.id && "focus", lit && (lit.has(node.id) ? "lit" : "dim")]}
              isStop={node.id === stop}
              onActive={(isActive) => setActive(isActive ? node.id : null)}
              onFocus={() => setStop(node.id)}
            />
          ))}
        </svg>
      </div>
    </figure>
  );
}

interface NodeProps {
  node: Placed;
  graph: Graph;
  label: string;
  classes: (string | false | null)[];
  isStop: boolean;
  onActive: (isActive: boolean) => void;
  onFocus: () => void;
}

function Node({ node, graph, label, classes, isStop, onActive, onFocus }: NodeProps) {
  const about = graph.nodes.get(node.id);
  if (!about) return null;
  const tests = about.model?.tests;
  const verdict = tests ? worst(tests) : "none";
  const name = `${about.label}, ${COLUMNS[about.column]?.toLowerCase()}${tests ? `, tests: ${verdictsInWords(tests)}` : ""}`;
  return (
    <a
      href={hrefOf(node.id)}
      data-id={node.id}
      class={["node", `column-${about.column}`, `node-${verdict}`, ...classes].filter(Boolean).join(" ")}
      tabIndex={isStop ? 0 : -1}
      aria-label={name}
      onClick={(event) => follow(event, node.id)}
      onMouseEnter={() => onActive(true)}
      onMouseLeave={() => onActive(false)}
      onFocus={() => {
        onFocus();
        onActive(true);
      }}
      onBlur={() => onActive(false)}
    >
      <title>{name}</title>
      <rect x={node.x} y={node.y - BOX / 2} width={node.width} height={BOX} rx={3} />
      <rect class="node-layer" x={node.x} y={node.y - BOX / 2} width={3} height={BOX} />
      <text x={node.x + 9} y={node.y + 4}>
        {label}
      </text>
      {(verdict === "fail" || verdict === "warn") && (
        <text class={`node-sign sign-${verdict}`} x={node.x + node.width - 12} y={node.y + 4}>
          {verdict === "fail" ? "✕" : "!"}
        </text>
      )}
    </a>
  );
}

/** The size at which the whole width is seen, within reason. */
function fit(frame: HTMLElement | null, width: number, least: number): number {
  return Math.min(1, Math.max(least, ((frame?.clientWidth ?? width) - 2) / width));
}

function step(zoom: number, direction: 1 | -1): number {
  const further = direction === 1 ? ZOOMS.find((other) => other > zoom) : ZOOMS.findLast((other) => other < zoom);
  return further ?? zoom;
}
