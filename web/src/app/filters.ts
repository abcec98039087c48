import type { Catalogue, FilterInWords, FilterName, Page } from "../api/schema";
import { formatCount, formatFloor } from "../ui/format";
import { readYears, valueOf } from "./address";

const LABELS: Record<FilterName, string> = {
  years: "Years",
  genre: "Genre",
  language: "Language",
  country: "Country",
  budget_class: "Budget class",
  budget_floor: "Budget floor",
  votes_floor: "Votes",
  money: "Money",
};

/** What a filter's value is called; a value that the catalogue does not know stays as it is. */
export function words(name: FilterName, query: string, catalogue: Catalogue | null): string {
  const value = valueOf(query, name);
  switch (name) {
    case "years": {
      if (!value && !catalogue) return "…";
      const [from, to] = readYears(value, catalogue?.default_years ?? [0, 0]);
      return from === to ? String(from) : `${from}–${to}`;
    }
    case "genre": {
      const genre = catalogue?.genres.find((each) => String(each.id) === value)?.name ?? value;
      return genre && valueOf(query, "genre_policy") === "primary" ? `${genre}, as first genre` : genre;
    }
    case "language":
      return catalogue?.languages.find((each) => each.code === value)?.name ?? value;
    case "country":
      return catalogue?.countries?.find((each) => each.code === value)?.name ?? value;
    case "budget_class":
      return value
        .split(",")
        .map((part) => catalogue?.budget_classes?.find((each) => each.name === part)?.label.replace(/ \(.*\)$/, "") ?? part)
        .join(", ");
    case "budget_floor": {
      const floor = value || catalogue?.default_budget_floor_usd;
      return floor ? formatFloor(Number(floor)) : "";
    }
    case "votes_floor":
      return value ? `${formatCount(Number(value))} or more` : "";
    case "money":
      return moneyWords(query, catalogue);
  }
}

/** `real 2025 dollars`, as titles say it. */
export function moneyWords(query: string, catalogue: Catalogue | null): string {
  if (valueOf(query, "money") === "nominal") return "nominal dollars";
  const year = catalogue?.cpi_base_year;
  return year ? `real ${year} dollars` : "real dollars";
}

export function filterLabel(name: FilterName): string {
  return LABELS[name];
}

/** The names in the address that this page's filters and parameters own. */
export function ownNames(page: Page): string[] {
  const filters = page.filters.includes("genre") ? [...page.filters, "genre_policy"] : page.filters;
  return [...filters, ...page.parameters.map((parameter) => parameter.name)];
}

/** Everything that is not at its default, in words. */
export function inWords(page: Page, query: string, catalogue: Catalogue | null): FilterInWords[] {
  const filters = page.filters
    .filter((name) => valueOf(query, name) !== "")
    .map((name) => ({ name, label: LABELS[name], value: words(name, query, catalogue) }));
  const parameters = page.parameters
    .filter(({ name }) => valueOf(query, name) !== "" && !(page.filters as string[]).includes(name))
    .map(({ name, label, values }) => {
      const value = valueOf(query, name);
      const option = "options" in values ? values.options.find((each) => each.value === value) : undefined;
      return { name, label, value: option?.label ?? value };
    });
  return [...filters, ...parameters];
}
