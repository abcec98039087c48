import "../../styles/views.css";
import "../../styles/models.css";
import "../../styles/lineage.css";
import { useMemo } from "preact/hooks";
import { fetchModels } from "../../api/client";
import type { Models } from "../../api/schema";
import { address, go, setValue, valueOf } from "../../app/address";
import { formatTime } from "../../ui/format";
import { Trouble } from "../trouble";
import { useLoaded } from "../use-loaded";
import { AllLineage } from "./drawings";
import { graphOf } from "./graph";
import { ModelDetail } from "./model-detail";
import { ModelList } from "./model-list";

/** How every number is made: the models as a list or a graph, and each of them. */
export function ModelsView() {
  const { value, problem } = useLoaded(fetchModels, "models");
  if (problem) return <Trouble problem={problem} />;
  if (!value) return <p class="tile-message">Reading the models…</p>;
  return <Loaded models={value} />;
}

function Loaded({ models }: { models: Models }) {
  const graph = useMemo(() => graphOf(models), [models]);
  const name = valueOf(address.value, "model");
  const isGraph = valueOf(address.value, "show") === "graph";
  if (name !== "") {
    return (
      <div class="models">
        <p class="models-back">
          <a
            href="/pages/models"
            onClick={(event) => {
              event.preventDefault();
              go("");
            }}
          >
            All models
          </a>
        </p>
        <ModelDetail graph={graph} name={name} />
      </div>
    );
  }
  return (
    <div class="models">
      <div class="models-show">
        <button type="button" class="view-button" aria-pressed={!isGraph} onClick={() => setValue("show", "")}>
          List
        </button>
        <button type="button" class="view-button" aria-pressed={isGraph} onClick={() => setValue("show", "graph")}>
          Lineage
        </button>
        <p>As of build {models.build_id}, {formatTime(models.built_at)}</p>
      </div>
      {isGraph ? <AllLineage graph={graph} /> : <ModelList models={models.models} />}
    </div>
  );
}
