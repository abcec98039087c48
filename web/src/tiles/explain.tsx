import { useEffect, useState } from "preact/hooks";
import { fetchModel } from "../api/client";
import type { Answer, Model } from "../api/schema";
import { copyText } from "../ui/clipboard";
import { formatDate, formatTime } from "../ui/format";
import { WithCode } from "../ui/with-code";
import type { Texts } from "./toolbar";

/** What a tile measures, what it is made of and whether that passed its tests, and the query, ready to paste. */
export function Explain({ answer, texts, id }: { answer: Answer; texts: Texts; id: string }) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <section class="explain" id={id} aria-label={`How ${texts.title} is computed`}>
      <h3>What it measures</h3>
      <p>
        {sentence(texts.subtitle)} {texts.note}
      </p>
      <h3>Where it comes from</h3>
      <ul class="explain-models">
        {answer.models.map((name) => (
          <ModelLine key={name} name={name} />
        ))}
      </ul>
      <p>
        Build <code>{answer.build_id}</code> of {formatTime(answer.built_at)}
        {answer.as_of && `, of what TMDB said by ${formatDate(answer.as_of)}`}.
      </p>
      <h3>The query</h3>
      <div class="source-code">
        <button type="button" onClick={() => copyText(answer.sql).then(() => setIsCopied(true))}>
          {isCopied ? "Copied" : "Copy SQL"}
        </button>
        <pre tabIndex={0} aria-label="SQL of this tile">
          <code>{answer.sql}</code>
        </pre>
      </div>
    </section>
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function ModelLine({ name }: { name: string }) {
  const model = useModel(name);
  return (
    <li>
      <a href={`/pages/models?${new URLSearchParams({ model: name })}`}>
        <code>{name}</code>
      </a>
      {model && <Tests model={model} />}
      {model?.description && (
        <p>
          <WithCode text={model.description} />
        </p>
      )}
    </li>
  );
}

function Tests({ model }: { model: Model }) {
  const n = (status: string) => model.tests.filter((test) => test.status === status).length;
  const [failed, warned] = [n("fail") + n("error"), n("warn")];
  const level = failed > 0 ? "low" : warned > 0 ? "fair" : "good";
  const parts = [`${n("pass")} of ${model.tests.length} tests passed`, warned > 0 && `${warned} warned`, failed > 0 && `${failed} failed`];
  return <span class={`coverage coverage-${level}`}>{parts.filter(Boolean).join(", ")}</span>;
}

/** A model as the last build left it; null until it is known, or when the server does not say. */
function useModel(name: string): Model | null {
  const [model, setModel] = useState<Model | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    fetchModel(name, abort.signal).then(
      (found) => !abort.signal.aborted && setModel(found),
      () => undefined,
    );
    return () => abort.abort();
  }, [name]);
  return model;
}
