/** The JSON API's shapes, as crates/serve writes them. */

export type Format = "text" | "count" | "year" | "usd" | "percent" | "multiple" | "rating" | "date";
export type Cell = string | number | boolean | null;
export type Row = Cell[];

export interface Column {
  name: string;
  label: string;
  format: Format;
  hidden: boolean;
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
}

export interface Tile {
  id: string;
  title: string;
  subtitle: string;
  films: "population" | "analysis_set" | "known_budget" | "known_revenue";
  kind: "chart" | "table" | "numbers";
  note?: string;
  spec?: Record<string, unknown>;
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

export interface Page {
  name: string;
  title: string;
  filters: ("years" | "language" | "genre")[];
  parameters: Parameter[];
  tiles: Tile[];
}

export interface Catalogue {
  as_of: string | null;
  years: [number, number];
  default_years: [number, number];
  languages: { code: string; name: string; n_movies: number }[];
  genres: { id: number; name: string; n_movies: number }[];
}

export interface ProblemBody {
  status: number;
  detail: string;
  hint: string | null;
}
