import { useState } from "preact/hooks";
import type { ModelEntry } from "../../api/schema";
import { address, go, replaceValue, setValue, valueOf } from "../../app/address";
import { formatDuration } from "../runs/duration";
import { Name } from "../name";
import { Prose } from "../prose";
import { Verdicts } from "../verdicts";
import { hrefOf } from "./graph";
import { follow } from "./follow";
import { distinct, isWanted } from "./selection";

/** So many are shown at first: the search is quicker than a long list. */
const FIRST = 40;

/** Every model, seed, snapshot and source that the filters leave. */
export function ModelList({ models }: { models: ModelEntry[] }) {
  const query = address.value;
  const wanted = models.filter((model) => isWanted(model, query));
  return (
    <>
      <form class="model-filters" aria-label="Filter models" onSubmit={(event) => event.preventDefault()}>
        <label class="view-field">
          <span>Name or description</span>
          <input
            type="search"
            autocomplete="off"
            spellcheck={false}
            value={valueOf(query, "q")}
            onInput={(event) => replaceValue("q", event.currentTarget.value)}
          />
        </label>
        <Choice name="layer" label="Layer" options={distinct(models, "layer")} query={query} />
        <Choice name="group" label="Group" options={distinct(models, "group")} query={query} />
        <Check name="public" label="Public only" query={query} />
        <Check name="trouble" label="Tests that did not pass" query={query} />
      </form>
      <p class="model-count" role="status">
        {wanted.length === models.length ? `${models.length} models, seeds, snapshots and sources` : `${wanted.length} of ${models.length}`}
        {wanted.length === 0 && (
          <>
            {". "}
            <button type="button" class="link-button" onClick={() => go("")}>
              Drop the filters
            </button>
          </>
        )}
      </p>
      {wanted.length > 0 && <Table models={wanted} />}
    </>
  );
}

function Table({ models }: { models: ModelEntry[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? models : models.slice(0, FIRST);
  return (
    <div class="model-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="wide">
              Layer
            </th>
            <th scope="col">Tests</th>
            <th scope="col" class="number wide">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((model) => (
            <tr key={model.name}>
              <td>
                <a href={hrefOf(model.name)} onClick={(event) => follow(event, model.name)}>
                  <Name text={model.name} />
                </a>
                {model.is_public && <span class="badge">public</span>}
                <p>
                  <Prose text={firstSentence(model.description)} />
                </p>
              </td>
              <td class="wide">{model.kind === "model" ? model.layer : model.kind}</td>
              <td>
                <Verdicts tests={model.tests} />
              </td>
              <td class="number wide">{model.seconds === null ? "–" : formatDuration(model.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < models.length && (
        <button type="button" class="view-button" onClick={() => setIsWhole(true)}>
          Show the other {models.length - shown.length}
        </button>
      )}
    </div>
  );
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function Choice({ name, label, options, query }: { name: string; label: string; options: string[]; query: string }) {
  return (
    <label class="view-field">
      <span>{label}</span>
      <select name={name} value={valueOf(query, name)} onChange={(event) => setValue(name, event.currentTarget.value)}>
        <option value="">All</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check({ name, label, query }: { name: string; label: string; query: string }) {
  return (
    <label class="model-check">
      <input type="checkbox" name={name} checked={valueOf(query, name) !== ""} onChange={(event) => setValue(name, event.currentTarget.checked ? "1" : "")} />
      {label}
    </label>
  );
}
