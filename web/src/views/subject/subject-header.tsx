import "../../styles/subject.css";
import { useEffect, useState } from "preact/hooks";
import { fetchSubject, Problem } from "../../api/client";
import type { Cell, Column, Subject, Entity } from "../../api/schema";
import { address, valueOf } from "../../app/address";
import { generation } from "../../tiles/coordinator";
import { formatCell, formatDate } from "../../ui/format";
import { KINDS } from "../find/kinds";

interface State {
  subject: Subject | null;
  problem: Problem | null;
}

/** The heading of a page about one film, person, franchise or company. */
export function SubjectHeader({ page, kind }: { page: string; kind: Entity }) {
  const id = valueOf(address.value, "id");
  const { subject, problem } = useSubject(page, id);
  const what = KINDS[kind].one;
  useEffect(() => {
    if (subject) document.title = `${subject.title} · Filmstar`;
  }, [subject]);
  if (!/^\d+$/.test(id)) return <Absent title={`Which ${what}?`} detail={`This page is about one ${what}, and its address names none.`} />;
  if (problem?.status === 404) return <Absent title={`No such ${what}`} detail={`The published build has no ${what} with the id ${id}.`} />;
  if (problem) {
    return (
      <div class="subject-head" role="alert">
        <h1>{problem.message}</h1>
        {problem.hint && <p class="summary">Hint: {problem.hint}</p>}
      </div>
    );
  }
  if (!subject) {
    return (
      <div class="subject-head" aria-busy="true">
        <p class="eyebrow">{what}</p>
        <h1>…</h1>
      </div>
    );
  }
  return (
    <div class="subject-head">
      <p class="eyebrow">{what}</p>
      <h1>{subject.title}</h1>
      {subject.subtitle && <p class="summary">{subject.subtitle}</p>}
      <Facts subject={subject} />
      {subject.as_of && <p class="subject-as-of">As TMDB had it on {formatDate(subject.as_of)}</p>}
    </div>
  );
}

function useSubject(page: string, id: string): State {
  const [state, setState] = useState<State>({ subject: null, problem: null });
  const round = generation.value;
  useEffect(() => {
    if (!/^\d+$/.test(id)) return;
    const abort = new AbortController();
    fetchSubject(page, id, abort.signal).then(
      (subject) => setState({ subject, problem: null }),
      (cause: unknown) => {
        if (abort.signal.aborted) return;
        setState({ subject: null, problem: cause instanceof Problem ? cause : new Problem(String(cause), null) });
      },
    );
    return () => abort.abort();
  }, [page, id, round]);
  return state;
}

/** Says what is missing and puts the cursor where it can be found. */
function Absent({ title, detail }: { title: string; detail: string }) {
  useEffect(() => {
    document.querySelector<HTMLInputElement>("#search input")?.focus();
  }, []);
  return (
    <div class="subject-head">
      <h1>{title}</h1>
      <p class="summary">
        {detail} Look for it by name in the box above, or on the page <a href="/pages/find">Find</a>.
      </p>
    </div>
  );
}

interface Fact {
  column: Column;
  value: Cell;
}

/** What stands in the heading itself, and the picture, are no facts. */
const HEADING = ["title", "subtitle", "image_path"];

function Facts({ subject: { columns, row } }: { subject: Subject }) {
  const facts = columns
    .map((column, index): Fact => ({ column, value: row[index] ?? null }))
    .filter(({ column }) => !column.hidden && !HEADING.includes(column.name));
  const links = facts.filter(({ column, value }) => column.format === "url" && value !== null);
  return (
    <>
      <dl class="subject-facts">
        {facts
          .filter(({ column }) => column.format !== "url")
          .map(({ column, value }) => (
            <div key={column.name}>
              <dt>{column.label}</dt>
              <dd>{value === null ? <span class="unknown">unknown</span> : formatCell(value, column.format)}</dd>
            </div>
          ))}
      </dl>
      {links.length > 0 && (
        <ul class="subject-links">
          {links.map(({ column, value }) => (
            <li key={column.name}>
              <a href={String(value)} rel="noreferrer">
                {column.label} ↗
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
