import "../../styles/subject.css";
import { useEffect, useState } from "preact/hooks";
import { fetchSubject, Problem } from "../../api/client";
import type { Column, Entity, Row, Subject } from "../../api/schema";
import { address, valueOf } from "../../app/address";
import { generation } from "../../tiles/coordinator";
import { entityUrl, isAllowedUrl, saidText, valueIn } from "../../ui/cells";
import { formatDate } from "../../ui/format";
import { KINDS } from "../find/kinds";
import { hasPictures, Picture } from "./picture";

interface State {
  subject: Subject | null;
  problem: Problem | null;
}

interface Props {
  page: string;
  kind: Entity;
  /** What the server wrote, which stays until there is more. */
  title: string;
  subtitle: string;
}

/** The heading of a page about one film, person, franchise or company. */
export function SubjectHeader({ page, kind, title, subtitle }: Props) {
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
  const line = subject ? subject.subtitle : subtitle;
  return (
    <div class="subject-head" aria-busy={subject === null}>
      {subject && hasPictures() && <Picture kind={kind} path={subject.image_path} title={subject.title} />}
      <p class="eyebrow">{what}</p>
      <h1>{subject?.title ?? title}</h1>
      {line && <p class="summary">{line}</p>}
      {subject && <Facts subject={subject} />}
      {subject?.as_of && <p class="subject-as-of">As TMDB had it on {formatDate(subject.as_of)}</p>}
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

/** What stands in the heading itself, and the picture, are no facts. */
const HEADING = ["title", "subtitle", "image_path"];
/** A text this long is read, not looked up. */
const LONG = 60;

function Facts({ subject: { columns, row } }: { subject: Subject }) {
  const facts = columns.filter(({ hidden, name }) => !hidden && !HEADING.includes(name));
  const isKnown = ({ name }: Column) => valueIn(columns, row, name) !== null;
  // No text is nothing to say (a film in no collection); no number or date is something that is not on record.
  const missing = facts.filter((column) => !isKnown(column) && column.format !== "text" && column.format !== "url");
  const links = facts.filter(({ format }) => format === "url").map((column) => ({ column, url: valueIn(columns, row, column.name) }));
  return (
    <>
      <dl class="subject-facts">
        {facts
          .filter((column) => column.format !== "url" && isKnown(column))
          .map((column) => (
            <Fact key={column.name} columns={columns} row={row} column={column} />
          ))}
      </dl>
      {missing.length > 0 && <p class="subject-missing">Not on record at TMDB: {missing.map(({ label }) => lowered(label)).join(", ")}</p>}
      <ul class="subject-links">
        {links.map(({ column, url }) =>
          isAllowedUrl(url) ? (
            <li key={column.name}>
              <a href={url} rel="noreferrer" target="_blank">
                {column.label} <span aria-hidden="true">↗</span>
                <span class="visually-hidden"> (opens in a new tab)</span>
              </a>
            </li>
          ) : null,
        )}
      </ul>
    </>
  );
}

function Fact({ columns, row, column }: { columns: Column[]; row: Row; column: Column }) {
  const text = saidText(columns, row, column);
  const href = entityUrl(columns, row, column);
  return (
    <div class={text.length > LONG ? "subject-long" : undefined}>
      <dt>{column.label}</dt>
      <dd>{href ? <a href={href}>{text}</a> : text}</dd>
    </div>
  );
}

/** `Born` in the middle of a sentence; `TMDB` stays. */
function lowered(label: string): string {
  return /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
