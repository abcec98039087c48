import type { Graph } from "./graph";
import type { Placed } from "./layout";

/** Where an arrow key leads: along an edge to the side, up and down inside a column. */
export function neighbour(graph: Graph, nodes: Placed[], from: string, key: string): string | null {
  const here = nodes.find(({ id }) => id === from);
  if (!here) return null;
  const candidates = nodes.filter((node) => {
    if (key === "ArrowLeft") return graph.parents.get(from)?.includes(node.id);
    if (key === "ArrowRight") return graph.children.get(from)?.includes(node.id);
    if (key === "ArrowUp") return node.x === here.x && node.y < here.y;
    if (key === "ArrowDown") return node.x === here.x && node.y > here.y;
    return false;
  });
  const far = (node: Placed) => Math.abs(node.y - here.y);
  return candidates.sort((a, b) => far(a) - far(b))[0]?.id ?? null;
}
