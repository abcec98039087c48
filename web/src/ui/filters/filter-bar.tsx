import { useState } from "preact/hooks";
import type { Page } from "../../api/schema";
import { address, go, setValue, valueOf, without } from "../../app/address";
import { catalogue } from "../../app/catalogue";
import { inWords, ownNames } from "../../app/filters";
import { Segments } from "../segments";
import { FilterPill } from "./filter-pill";
import { Switch } from "./switch";

const MONEY = [
  { value: "real", label: "Real $" },
  { value: "nominal", label: "Nominal $" },
];

/** The page's filters and switches; each change is a step in the history. */
export function FilterBar({ page }: { page: Page }) {
  const [isOpen, setIsOpen] = useState(false);
  if (page.filters.length + page.parameters.length === 0) return null;
  const query = address.value;
  const known = catalogue.value;
  const set = inWords(page, query, known);
  const parameters = page.parameters.filter(({ name }) => !(page.filters as string[]).includes(name));
  return (
    <form class="filters" aria-label="Filters" data-open={isOpen} onSubmit={(event) => event.preventDefault()}>
      <button type="button" class="filters-fold" aria-expanded={isOpen} aria-controls="filter-controls" onClick={() => setIsOpen(!isOpen)}>
        {set.length > 0 ? `Filters (${set.length})` : "Filters"}
      </button>
      <div class="filter-controls" id="filter-controls">
        {page.filters
          .filter((name) => name !== "money")
          .map((name) => (
            <FilterPill key={name} name={name} catalogue={known} query={query} />
          ))}
        {page.filters.includes("money") && (
          <Segments
            name="money"
            label="Dollars"
            options={MONEY}
            value={valueOf(query, "money") || "real"}
            onChoose={(value) => setValue("money", value === "real" ? "" : value)}
          />
        )}
        {parameters.map((parameter) => (
          <Switch key={parameter.name} parameter={parameter} query={query} />
        ))}
      </div>
      <button type="button" class="reset" disabled={set.length === 0} onClick={() => go(without(query, ownNames(page)))}>
        Reset
      </button>
    </form>
  );
}
