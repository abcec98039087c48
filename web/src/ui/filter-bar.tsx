import { useEffect, useState } from "preact/hooks";
import { fetchCatalogue } from "../api/client";
import type { Catalogue, Page, Parameter } from "../api/schema";
import { address, go, readYears, setValue, valueOf, yearsValue } from "../app/address";
import { formatCount } from "./format";

/** The page's filters and switches; each change is a step in the history. */
export function FilterBar({ page }: { page: Page }) {
  const [catalogue, setCatalogue] = useState<Catalogue | null>(null);
  useEffect(() => {
    // Without it the tiles still say what is wrong; the filters just stay away.
    fetchCatalogue().then(setCatalogue, () => setCatalogue(null));
  }, []);
  if (!catalogue) return <form class="filters" aria-hidden="true" />;
  const query = address.value;
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {page.filters.includes("years") && catalogue.as_of && <Years catalogue={catalogue} query={query} />}
      {page.filters.includes("language") && (
        <Choice
          name="language"
          label="Original language"
          query={query}
          options={catalogue.languages.map((language) => [
            language.code,
            `${language.name} (${formatCount(language.n_movies)})`,
          ])}
        />
      )}
      {page.filters.includes("genre") && (
        <Choice
          name="genre"
          label="Genre"
          query={query}
          options={catalogue.genres.map((genre) => [String(genre.id), `${genre.name} (${formatCount(genre.n_movies)})`])}
        />
      )}
      {page.parameters.map((parameter) => (
        <Switch key={parameter.name} parameter={parameter} query={query} />
      ))}
      <button type="button" class="reset" disabled={query === ""} onClick={() => go("")}>
        Reset
      </button>
    </form>
  );
}

function Years({ catalogue, query }: { catalogue: Catalogue; query: string }) {
  const defaults = catalogue.default_years;
  const [from, to] = readYears(valueOf(query, "years"), defaults);
  function change(first: number, last: number) {
    if (first >= 1000 && last >= 1000) setValue("years", yearsValue(first, last, defaults));
  }
  const [min, max] = catalogue.years;
  return (
    <fieldset class="field years">
      <legend>Release years</legend>
      <input
        type="number"
        name="from"
        aria-label="First year"
        min={min}
        max={max}
        value={from}
        onChange={(event) => change(event.currentTarget.valueAsNumber, to)}
      />
      <span aria-hidden="true">to</span>
      <input
        type="number"
        name="to"
        aria-label="Last year"
        min={min}
        max={max}
        value={to}
        onChange={(event) => change(from, event.currentTarget.valueAsNumber)}
      />
    </fieldset>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  query: string;
  options: [value: string, label: string][];
}

function Choice({ name, label, query, options }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} value={valueOf(query, name)} onChange={(event) => setValue(name, event.currentTarget.value)}>
        <option value="">All</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switch({ parameter, query }: { parameter: Parameter; query: string }) {
  const { name, label, values } = parameter;
  const value = valueOf(query, name);
  if ("options" in values) {
    const standard = values.options[0]?.value ?? "";
    return (
      <fieldset class="field">
        <legend>{label}</legend>
        <div class="segments">
          {values.options.map((option) => (
            <label key={option.value}>
              <input
                type="radio"
                name={name}
                value={option.value}
                checked={(value || standard) === option.value}
                onChange={() => setValue(name, option.value === standard ? "" : option.value)}
              />
              <span>{option.label}</span>
            </label>
          ))}
        </div>
      </fieldset>
    );
  }
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        name={name}
        min={values.min}
        max={values.max}
        value={value || values.default}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          if (Number.isNaN(next)) return;
          const kept = Math.min(values.max, Math.max(values.min, Math.round(next)));
          setValue(name, kept === values.default ? "" : String(kept));
        }}
      />
    </label>
  );
}
