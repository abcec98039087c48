import { useMemo } from "preact/hooks";
import { address, setValue, valueOf } from "../../app/address";
import { Segments } from "../../ui/segments";
import { around, type Graph } from "./graph";
import { layered } from "./layout";
import { Lineage } from "./lineage";
import { overview } from "./overview";

/** Width of a letter of the nodes' type. */
const LETTER = 6.9;
const ROOM = 28;
const STEPS = ["0", "1", "2", "3", "all"];

/** In its column a model needs no prefix that says the layer. */
function shortLabel(label: string): string {
  return label.replace(/^(stg_[a-z]+__|int_)/, "");
}

export function AllLineage({ graph }: { graph: Graph }) {
  const label = (id: string) => shortLabel(graph.nodes.get(id)?.label ?? id);
  const drawing = useMemo(() => overview(graph, (id) => label(id).length * LETTER + ROOM), [graph]);
  return <Lineage graph={graph} drawing={drawing} label={label} title="Lineage of all models" />;
}

/** One model with what it is made from and what is made from it, so many steps as chosen. */
export function ModelLineage({ graph, id }: { graph: Graph; id: string }) {
  const [up, down] = [steps("up"), steps("down")];
  const part = useMemo(() => around(graph, id, count(up), count(down)), [graph, id, up, down]);
  const label = (node: string) => part.nodes.get(node)?.label ?? node;
  const drawing = useMemo(() => layered(part, (node) => label(node).length * LETTER + ROOM), [part]);
  return (
    <>
      <div class="lineage-steps">
        <Steps name="up" label="Steps back" value={up} />
        <Steps name="down" label="Steps on" value={down} />
        <p>
          {part.nodes.size} of {graph.nodes.size} models and pages
        </p>
      </div>
      <Lineage graph={part} drawing={drawing} label={label} focus={id} title={`Lineage of ${id}`} />
    </>
  );
}

function steps(name: string): string {
  const value = valueOf(address.value, name);
  return STEPS.includes(value) ? value : "1";
}

function count(value: string): number {
  return value === "all" ? Infinity : Number(value);
}

function Steps({ name, label, value }: { name: string; label: string; value: string }) {
  const options = STEPS.map((step) => ({ value: step, label: step }));
  return <Segments name={name} label={label} options={options} value={value} onChoose={(next) => setValue(name, next === "1" ? "" : next)} />;
}
