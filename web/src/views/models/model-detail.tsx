import { fetchModel } from "../../api/client";
import type { Model, ModelColumn, ModelTest } from "../../api/schema";
import { formatCount } from "../../ui/format";
import { formatDuration } from "../runs/duration";
import { Name } from "../name";
import { Prose } from "../prose";
import { SqlCode } from "../sql-code";
import { Trouble } from "../trouble";
import { useLoaded } from "../use-loaded";
import { ModelLineage } from "./drawings";
import { follow } from "./follow";
import { type Graph, hrefOf, pageId } from "./graph";

/** All that is known about one model. */
export function ModelDetail({ graph, name }: { graph: Graph; name: string }) {
  const { value: model, problem } = useLoaded((signal) => fetchModel(name, signal), name);
  if (problem) return <Trouble problem={problem} />;
  return (
    <article class="model" aria-busy={model === null}>
      <h2 class="model-name">
        <Name text={name} />
      </h2>
      {model && <Facts model={model} />}
      {graph.nodes.has(name) && (
        <section aria-labelledby="model-lineage">
          <h3 id="model-lineage">Lineage</h3>
          <ModelLineage graph={graph} id={name} />
          <Neighbours graph={graph} name={name} />
        </section>
      )}
      {model && model.columns.length > 0 && <Columns columns={model.columns} />}
      {model && model.tests.length > 0 && <Tests tests={model.tests} />}
      {model && <Sql model={model} />}
    </article>
  );
}

function Facts({ model }: { model: Model }) {
  const facts: [string, string | null][] = [
    ["Kind", model.kind],
    ["Layer", model.layer],
    ["Stored as", model.materialized],
    ["Group", model.group],
    ["Access", model.access],
    ["Took", model.seconds === null ? null : formatDuration(model.seconds)],
  ];
  return (
    <>
      {model.description && (
        <p class="model-description">
          <Prose text={model.description} />
        </p>
      )}
      <dl class="model-facts">
        {facts.map(([term, value]) =>
          value ? (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {model.is_public && (
        <p>
          <a href={`/pages/console?${new URLSearchParams({ sql: `select *\nfrom ${model.name}\nlimit 100` })}`}>Ask it in the console</a>
        </p>
      )}
    </>
  );
}

/** The drawing in words, one step each way. */
function Neighbours({ graph, name }: { graph: Graph; name: string }) {
  return (
    <div class="model-neighbours">
      <Links title="Made from" ids={graph.parents.get(name) ?? []} graph={graph} />
      <Links title="Used by" ids={(graph.children.get(name) ?? []).filter((id) => !id.startsWith(pageId("")))} graph={graph} />
      <Links title="On pages" ids={(graph.children.get(name) ?? []).filter((id) => id.startsWith(pageId("")))} graph={graph} />
    </div>
  );
}

function Links({ title, ids, graph }: { title: string; ids: string[]; graph: Graph }) {
  return (
    <div>
      <h4>{title}</h4>
      {ids.length === 0 ? (
        <p>nothing</p>
      ) : (
        <ul>
          {ids.map((id) => (
            <li key={id}>
              <a href={hrefOf(id)} onClick={(event) => follow(event, id)}>
                {graph.nodes.get(id)?.label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Columns({ columns }: { columns: ModelColumn[] }) {
  return (
    <section aria-labelledby="model-columns">
      <h3 id="model-columns">{columns.length} columns</h3>
      <div class="model-frame model-columns">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">What it says</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <td>
                  <Name text={column.name} />
                  <small>{column.type?.toLowerCase()}</small>
                </td>
                <td>
                  <Prose text={column.description} />
                  {column.tests.length > 0 && <small>Tested: {[...new Set(column.tests)].join(", ")}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const RANK = ["fail", "error", "warn", "skipped", "skip", "pass"];

function Tests({ tests }: { tests: ModelTest[] }) {
  const sorted = [...tests].sort((a, b) => RANK.indexOf(a.status) - RANK.indexOf(b.status) || a.name.localeCompare(b.name));
  const nPassed = tests.filter(({ status }) => status === "pass").length;
  const isAllGood = nPassed === tests.length;
  return (
    <section aria-labelledby="model-tests">
      <h3 id="model-tests">{isAllGood ? `All ${tests.length} tests passed` : `${nPassed} of ${tests.length} tests passed`}</h3>
      <details open={!isAllGood}>
        <summary>Each test</summary>
        <ul class="model-tests">
          {sorted.map((test) => (
            <li key={test.name} class={`verdict-${verdictOf(test.status)}`}>
              <span class="verdict-sign" aria-hidden="true" />
              <div>
                <code>{test.name}</code> <small>{[test.status, test.column, test.severity === "warn" ? "only warns" : ""].filter(Boolean).join(", ")}</small>
                {(test.failures ?? 0) > 0 && <small> · {formatCount(test.failures ?? 0)} rows</small>}
                {test.message && test.status !== "pass" && <p>{test.message}</p>}
              </div>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function verdictOf(status: string): string {
  if (status === "error") return "fail";
  return status === "skipped" ? "skip" : status;
}

function Sql({ model }: { model: Model }) {
  const texts: [string, string | null][] = [
    ["As it ran", model.compiled_sql],
    ["As it is written", model.raw_sql],
  ];
  if (texts.every(([, sql]) => !sql)) return null;
  return (
    <section aria-labelledby="model-sql">
      <h3 id="model-sql">SQL</h3>
      {texts.map(([title, sql]) => sql && <SqlCode key={title} title={title} sql={sql} />)}
    </section>
  );
}
