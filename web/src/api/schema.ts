/** The JSON API's shapes. Generated from crates/serve by `npm run schema`; a test says when it is stale. */

/** A page in the list of all. */
export interface PageEntry {
  name: string;
  title: string;
  summary: string;
  section: Section;
  order: number;
  is_subject: boolean;
  view: View | null;
}

/** A group of the navigation. */
export type Section = "start" | "films" | "people" | "industry" | "trust";

/** A view that the front end brings. */
export type View = "find" | "console" | "models" | "runs";

/** What every refusal sends, as RFC 9457 has it. */
export interface ProblemBody {
  type: string;
  title: string | null;
  status: number;
  /** What went wrong. */
  detail: string;
  /** What to do about it. */
  hint: string | null;
  /** The name in the address that was not understood. */
  parameter?: string;
  /** What could have stood there. */
  valid?: string[];
}

/** One page as `page.yml` describes it, with its queries read in. */
export interface Page {
  /** The folder's name; the last part of the page's address. */
  name: string;
  /** Heading and navigation entry; on an entity page what stands for the heading until the entity is known. */
  title: string;
  /** Place in its section of the navigation, small first. */
  order: number;
  /** Group in the navigation. */
  section: Section;
  /** One sentence under the heading. */
  summary: string;
  /** What a reader must know before the numbers; blank lines part paragraphs. */
  prose: string;
  /** The shared filters that this page offers. */
  filters: FilterName[];
  /** Switches of this page alone. */
  parameters: Parameter[];
  /** Makes it the page of one film, person, collection or company, whose id is in the address. */
  subject?: PageSubject;
  /** A view built into the front end, before the tiles. */
  view?: View;
  /** Top to bottom. */
  tiles: Tile[];
}

/** A filter that means the same on every page. */
export type FilterName = "years" | "genre" | "language" | "country" | "budget_class" | "budget_floor" | "votes_floor" | "money";

/** A switch of one page: a whole number within bounds, or one of several options. */
export interface Parameter {
  /** Its name in an address, and `$name` in the SQL. */
  name: string;
  /** What the control is called. */
  label: string;
  /** Its values. */
  values: ParameterValues;
}

/** What a parameter can be. */
export type ParameterValues = {
  /** Smallest. */
  min: number;
  /** Largest. */
  max: number;
  /** When the address does not say. */
  default: number;
} | {
  /** Value and label. */
  options: ParameterOption[];
};

/** One value of a parameter. */
export interface ParameterOption {
  /** As the address and the SQL have it. */
  value: string;
  /** As the reader sees it. */
  label: string;
}

/** Whose page an entity page is. */
export interface PageSubject {
  /** What it is. */
  kind: Entity;
  /** The query with its name and facts, `$id` in and at most one row out: in `page.yml` the name of the file beside it, elsewhere its columns. */
  columns: Column[];
}

/** What a page can be about. */
export type Entity = "movie" | "person" | "collection" | "company";

/** One column of a tile: its name, what it is called and how it reads. */
export interface Column {
  /** As the query names it. */
  name: string;
  /** As the reader sees it. */
  label: string;
  /** How its values are written. */
  format: Format;
  /** Only for the drawing and the files, not in the table. */
  hidden: boolean;
  /** The kind of page that the value leads to. */
  link?: Entity;
  /** The column with the id for `link`. */
  key?: string;
  /** The column with the lower end of its interval. */
  low?: string;
  /** The column with the upper end of its interval. */
  high?: string;
  /** The column with the size of the sample behind the value. */
  n?: string;
}

/** How a column's values are written. */
export type Format = "text" | "count" | "year" | "usd" | "percent" | "multiple" | "rating" | "number" | "minutes" | "flag" | "date" | "url";

/** One tile: a query and how it is drawn. */
export interface Tile {
  /** The last part of its address. */
  id: string;
  /** Says the finding's subject. */
  title: string;
  /** Population and measure. */
  subtitle: string;
  /** Which films its numbers use. */
  films: TileFilms;
  /** Whether the page's filters reach it. */
  scope: TileScope;
  /** How it is drawn first; the table is always there. */
  kind: TileKind;
  /** How to read it. */
  note?: string;
  /** The Vega-Lite spec of a chart, without its data. */
  spec?: Record<string, unknown>;
  /** What choosing a mark or row does to the page. */
  select?: Select;
  /** The way from a mark, a row or the tile to the films behind it. */
  drill?: Drill;
  /** Its query: in `page.yml` the name of the file beside it, elsewhere its columns. */
  columns: Column[];
}

/** Which films of the filter a tile's numbers use; its coverage is their share of the population. */
export type TileFilms = "population" | "analysis_set" | "known_budget" | "known_revenue";

/** What the common table expression `movies` holds for a tile. */
export type TileScope = "filter" | "catalogue";

/** How a tile is drawn. */
export type TileKind = "chart" | "table" | "numbers";

/** Choosing a mark or row puts one of its values into the address; choosing it again takes it out. */
export interface Select {
  /** A filter or parameter of the page. */
  filter: string;
  /** The column of the result that has its value. */
  column: string;
  /** Whether a range can be dragged over the x axis; only for `years`. */
  brush: boolean;
}

/** A link to another page with the present filters and values of a row. */
export interface Drill {
  /** The page. */
  page: string;
  /** Its filters and parameters, and the columns of the result that have their values; empty leads there from the tile as a whole. */
  with: Record<string, string>;
}

/** What `/api/pages/{page}/subject` sends. */
export interface Subject {
  title: string;
  subtitle: string | null;
  /** A path at TMDB's image host, such as `/abc.jpg`. */
  image_path: string | null;
  /** The facts. */
  columns: Column[];
  row: Row;
  /** Newest observation behind the facts. */
  as_of: string | null;
  build_id: string;
}

export type Row = Cell[];

export type Cell = string | number | boolean | null;

/** What `/api/pages/{page}/tiles/{tile}` sends. */
export interface Answer {
  columns: Column[];
  rows: Row[];
  /** Whether the row limit cut the result. */
  is_truncated: boolean;
  /** Films that the numbers use. */
  n: number;
  /** Films of the population in the same filter. */
  N: number;
  /** `n / N`; null without films. */
  coverage: number | null;
  /** Newest observation behind the numbers. */
  as_of: string | null;
  build_id: string;
  built_at: string;
  sql: string;
  models: string[];
  /** Filters and switches that are not at their default, in words. */
  filters: FilterInWords[];
}

/** A filter or switch that is not at its default, in words. */
export interface FilterInWords {
  /** As the address has it. */
  name: string;
  /** What the control is called. */
  label: string;
  /** As the reader sees it. */
  value: string;
}

/** The values that the shared filters take. */
export interface Catalogue {
  /** Newest observation of a film, ISO; null without films. */
  as_of: string | null;
  /** First and last release year. */
  years: [number, number];
  /** 1980 to the last full year, as far as there are films. */
  default_years: [number, number];
  /** Most films first. */
  languages: Language[];
  /** By name. */
  genres: Genre[];
  /** Most films first. */
  countries: Country[];
  /** Smallest first. */
  budget_classes: BudgetClass[];
  /** From which budget on the marts analyse a film; null without films. */
  default_budget_floor_usd: number | null;
  /** Whose dollars the real ones are; null without films. */
  cpi_base_year: number | null;
}

/** An original language that films have. */
export interface Language {
  code: string;
  name: string;
  n_movies: number;
}

/** A genre that films have. */
export interface Genre {
  id: number;
  name: string;
  n_movies: number;
}

/** A country that films come from. */
export interface Country {
  code: string;
  name: string;
  n_movies: number;
}

/** A class of real budgets. */
export interface BudgetClass {
  name: string;
  label: string;
  n_movies: number;
}

/** What `/api/models` sends. */
export interface Models {
  build_id: string;
  built_at: string;
  models: ModelEntry[];
  pages: PageModels[];
}

/** A model in the list of all. */
export interface ModelEntry {
  /** A source's is `tmdb.movies`. */
  name: string;
  /** `sources`, `staging`, `intermediate`, `marts`, `seeds` or `snapshots`. */
  layer: string;
  /** `model`, `seed`, `snapshot` or `source`. */
  kind: string;
  materialized: string | null;
  group: string | null;
  access: string | null;
  description: string;
  depends_on: string[];
  /** How long it took to build. */
  seconds: number | null;
  /** Whether it is made for users to read. */
  is_public: boolean;
  tests: TestCounts;
}

/** How tests went. */
export interface TestCounts {
  pass: number;
  warn: number;
  /** Errors too: a test that could not be asked proves nothing. */
  fail: number;
  skip: number;
}

/** A page and the models it reads. */
export interface PageModels {
  name: string;
  title: string;
  depends_on: string[];
}

/** A model with everything there is to say about it. */
export interface Model {
  /** A source's is `tmdb.movies`. */
  name: string;
  /** `sources`, `staging`, `intermediate`, `marts`, `seeds` or `snapshots`. */
  layer: string;
  /** `model`, `seed`, `snapshot` or `source`. */
  kind: string;
  materialized: string | null;
  group: string | null;
  access: string | null;
  description: string;
  depends_on: string[];
  /** How long it took to build. */
  seconds: number | null;
  /** Whether it is made for users to read. */
  is_public: boolean;
  columns: ModelColumn[];
  tests: ModelTest[];
  raw_sql: string | null;
  compiled_sql: string | null;
  referenced_by: string[];
  pages: string[];
}

/** A column as the project describes it. */
export interface ModelColumn {
  name: string;
  type: string | null;
  description: string;
  /** Kinds of the tests on it, such as `not_null`. */
  tests: string[];
}

/** A test and how it went. */
export interface ModelTest {
  name: string;
  column: string | null;
  /** `error` or `warn`. */
  severity: string;
  /** In dbt's words; `not run` when the run says nothing of it. */
  status: string;
  /** Rows that it found. */
  failures: number | null;
  message: string | null;
}

/** What `/api/runs` sends. */
export interface Runs {
  /** Newest first. */
  runs: Run[];
}

/** A run and how it went; null is what is no longer known. */
export interface Run {
  /** Null of a build that was made before runs were accounted for. */
  run_id: string | null;
  /** What was typed: `run`, `up`, `build` … */
  command: string | null;
  /** The build that it made, if it came so far. */
  build_id: string | null;
  started_at: string | null;
  /** Of a killed run the last sign of life. */
  finished_at: string | null;
  seconds: number | null;
  published_at: string | null;
  is_current: boolean;
  status: RunStatus;
  /** What went wrong. */
  error: string | null;
  /** What to do about it. */
  hint: string | null;
  n_movies_fetched: number | null;
  n_requests: number | null;
  n_models: number | null;
  tests: TestCounts | null;
  /** Models and tests that did not go well, warnings included. */
  failures: RunFailure[];
}

export type RunStatus = "published" | "withdrawn" | "succeeded" | "running" | "failed" | "interrupted" | "killed" | "unfinished";

export interface RunFailure {
  name: string;
  status: string;
  message: string;
}

/** What was found. */
export interface SearchAnswer {
  query: string;
  results: SearchResult[];
  build_id: string;
}

/** One thing that has the name. */
export interface SearchResult {
  /** `movie`, `person`, `company` or `collection`. */
  kind: Entity;
  id: number;
  title: string;
  /** What tells it from its namesakes. */
  detail: string | null;
  /** How well known it is. */
  weight: number;
}

/** A table that the console can ask, as the warehouse describes it. */
export interface ConsoleTable {
  name: string;
  description: string;
  columns: ConsoleTableColumn[];
}

export interface ConsoleTableColumn {
  name: string;
  type: string;
  description: string;
}

/** What `/api/console` sends. */
export interface ConsoleAnswer {
  columns: ConsoleColumn[];
  rows: Row[];
  /** Whether the limit of rows or bytes cut the result. */
  is_truncated: boolean;
  elapsed_ms: number;
  build_id: string;
}

/** A column of an answer of the console, as the warehouse says it. */
export interface ConsoleColumn {
  name: string;
  type: string;
}

/** What is said when page files changed on disk. */
export interface PagesEvent {
  /** Tells one reading of the pages from the next. */
  edition: number;
  /** While there are any, the last good pages are shown. */
  problems: Diagnostic[];
}

/** One problem in a page's files. */
export interface Diagnostic {
  /** Relative to the dashboards folder. */
  file: string;
  /** Counted from 1, when it is known. */
  line: number | null;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  hint: string | null;
}

/** What `/healthz` sends. */
export interface Health {
  /** Always `ok`. */
  status: string;
}

/** What `/readyz` sends while a build can be read. */
export interface Readiness {
  /** Always `ok`. */
  status: string;
  build_id: string;
  built_at: string;
  /** Newest observation. */
  as_of: string | null;
}
