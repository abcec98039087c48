/** The JSON API's shapes, as crates/serve writes them. */

export type Format =
  | "text"
  | "count"
  | "year"
  | "usd"
  | "percent"
  | "multiple"
  | "rating"
  | "date"
  | "number"
  | "minutes"
  | "flag"
  | "url";
export type Cell = string | number | boolean | null;
export type Row = Cell[];
export type Entity = "movie" | "person" | "collection" | "company";

export interface Column {
  name: string;
  label: string;
  format: Format;
  hidden: boolean;
  /** The cell leads to this entity's page, whose id stands in the column `key`. */
  link?: Entity;
  key?: string;
  /** The columns with the value's interval. */
  low?: string;
  high?: string;
  /** The column with the sample behind the value. */
  n?: string;
}

/** A filter that is not at its default, in words. */
export interface FilterInWords {
  name: string;
  label: string;
  value: string;
}

export interface Answer {
  columns: Column[];
  rows: Row[];
  is_truncated: boolean;
  n: number;
  N: number;
  coverage: number | null;
  as_of: string | null;
  build_id: string;
  built_at: string;
  sql: string;
  models: string[];
  filters?: FilterInWords[];
}

export interface Select {
  /** A filter or a parameter of the page. */
  filter: string;
  column: string;
  brush?: boolean;
}

export interface Drill {
  page: string;
  /** Filter or parameter of that page → column of the row. */
  with?: Record<string, string>;
}

export interface Tile {
  id: string;
  title: string;
  subtitle: string;
  films: "population" | "analysis_set" | "known_budget" | "known_revenue";
  scope?: "filter" | "catalogue";
  kind: "chart" | "table" | "numbers";
  note?: string;
  spec?: Record<string, unknown>;
  select?: Select;
  drill?: Drill;
  columns: Column[];
}

export type ParameterValues =
  | { min: number; max: number; default: number }
  | { options: { value: string; label: string }[] };

export interface Parameter {
  name: string;
  label: string;
  values: ParameterValues;
}

export type FilterName =
  | "years"
  | "genre"
  | "language"
  | "country"
  | "budget_class"
  | "budget_floor"
  | "votes_floor"
  | "money";
export type View = "find" | "console" | "models" | "runs";

export interface Page {
  name: string;
  title: string;
  summary?: string;
  section?: string;
  filters: FilterName[];
  parameters: Parameter[];
  tiles: Tile[];
  /** An entity page: its address has `id`. */
  subject?: { kind: Entity } | null;
  view?: View | null;
}

export interface PageEntry {
  name: string;
  title: string;
  summary: string;
  section: string;
  order: number;
  is_subject: boolean;
  view: View | null;
}

export interface Subject {
  title: string;
  subtitle: string | null;
  image_path: string | null;
  columns: Column[];
  row: Row;
  as_of: string | null;
  build_id: string;
}

export interface Catalogue {
  as_of: string | null;
  years: [number, number];
  default_years: [number, number];
  languages: { code: string; name: string; n_movies: number }[];
  genres: { id: number; name: string; n_movies: number }[];
  countries?: { code: string; name: string; n_movies: number }[];
  budget_classes?: { name: string; label: string; n_movies: number }[];
  default_budget_floor_usd?: number;
  cpi_base_year?: number;
}

export interface SearchResult {
  kind: Entity;
  id: number;
  title: string;
  detail: string | null;
  weight: number;
}

export interface SearchAnswer {
  query: string;
  results: SearchResult[];
  build_id: string;
}

export interface ConsoleAnswer {
  columns: { name: string; type: string }[];
  rows: Row[];
  is_truncated: boolean;
  elapsed_ms: number;
  build_id: string;
}

export interface ConsoleTable {
  name: string;
  description: string;
  columns: { name: string; type: string; description: string }[];
}

export interface TestCounts {
  pass: number;
  warn: number;
  fail: number;
  skip: number;
}

export interface ModelEntry {
  name: string;
  layer: string;
  kind: string;
  materialized: string | null;
  group: string | null;
  access: string | null;
  description: string;
  depends_on: string[];
  tests: TestCounts;
  seconds: number | null;
  is_public: boolean;
}

export interface Models {
  build_id: string;
  built_at: string;
  models: ModelEntry[];
  pages: { name: string; title: string; depends_on: string[] }[];
}

export interface ModelColumn {
  name: string;
  type: string | null;
  description: string;
  tests: string[];
}

export interface ModelTest {
  name: string;
  column: string | null;
  severity: string;
  status: string;
  failures: number | null;
  message: string | null;
}

export interface Model extends Omit<ModelEntry, "tests"> {
  columns: ModelColumn[];
  tests: ModelTest[];
  raw_sql: string | null;
  compiled_sql: string | null;
  referenced_by: string[];
  pages: string[];
}

export interface Run {
  build_id: string;
  started_at: string | null;
  finished_at: string | null;
  seconds: number | null;
  published_at: string | null;
  is_current: boolean;
  status: "published" | "withdrawn" | "failed" | "unfinished";
  n_models: number | null;
  tests: TestCounts | null;
  failures: { name: string; message: string }[];
}

export interface ProblemBody {
  status: number;
  detail: string;
  hint: string | null;
}

/** What `/api/events` says when page files changed on disk. */
export interface PagesEvent {
  edition: number;
  problems: { file: string; line: number | null; message: string; hint: string | null }[];
}
