import type { Catalogue, FilterName } from "../../api/schema";
import { setValue, setValues, valueOf } from "../../app/address";
import { filterLabel, words } from "../../app/filters";
import { formatCount, formatFloor } from "../format";
import { Segments } from "../segments";
import { BudgetClasses } from "./budget-classes";
import { Combobox } from "./combobox";
import { Floor } from "./floor";
import { Pill, closePanel } from "./pill";
import { Years } from "./years";

interface Props {
  name: FilterName;
  catalogue: Catalogue | null;
  query: string;
}

const FLOORS_USD = [1_000, 100_000, 500_000, 1_000_000];
const FLOORS_VOTES = [0, 10, 50, 500, 1_000];

export function FilterPill({ name, catalogue, query }: Props) {
  const isSet = valueOf(query, name) !== "";
  const said = words(name, query, catalogue);
  const clear = () => setValues(name === "genre" ? { genre: "", genre_policy: "" } : { [name]: "" });
  return (
    <Pill name={name} label={filterLabel(name)} words={said} isSet={isSet} onClear={clear}>
      {catalogue ? <Control name={name} catalogue={catalogue} query={query} /> : <p class="panel-note">The server has not said yet.</p>}
    </Pill>
  );
}

function Control({ name, catalogue, query }: Props & { catalogue: Catalogue }) {
  const value = valueOf(query, name);
  function pick(next: string, element: Element) {
    setValues(name === "genre" && next === "" ? { genre: "", genre_policy: "" } : { [name]: next });
    closePanel(element);
  }
  switch (name) {
    case "years":
      return <Years catalogue={catalogue} query={query} />;
    case "genre":
      return (
        <>
          <Combobox
            label="Genre"
            options={catalogue.genres.map(({ id, name: label, n_movies }) => ({ value: String(id), label, n: n_movies }))}
            value={value}
            onPick={pick}
          />
          {value && <GenrePolicy query={query} />}
        </>
      );
    case "language":
    case "country": {
      const known = name === "language" ? catalogue.languages : (catalogue.countries ?? []);
      const options = known.map(({ code, name: label, n_movies }) => ({ value: code, label, n: n_movies }));
      return <Combobox label={filterLabel(name)} options={options} value={value} onPick={pick} />;
    }
    case "budget_class":
      return <BudgetClasses catalogue={catalogue} query={query} />;
    case "budget_floor": {
      const standard = catalogue.default_budget_floor_usd ?? 0;
      const note = "Films that cost less are not analysed. They still count in n of N.";
      return (
        <Floor name={name} label="Budget floor" steps={FLOORS_USD} value={Number(value || standard)} standard={standard} format={formatFloor} note={note} />
      );
    }
    case "votes_floor":
      return (
        <Floor
          name={name}
          label="Fewest votes"
          steps={FLOORS_VOTES}
          value={Number(value || 0)}
          standard={0}
          format={formatCount}
          note="Films with fewer votes on TMDB are left out."
        />
      );
    case "money":
      return null;
  }
}

function GenrePolicy({ query }: { query: string }) {
  const options = [
    { value: "any", label: "any of its genres" },
    { value: "primary", label: "its first" },
  ];
  return (
    <Segments
      name="genre_policy"
      label="A film has the genre when it is"
      options={options}
      value={valueOf(query, "genre_policy") || "any"}
      onChoose={(next) => setValue("genre_policy", next === "any" ? "" : next)}
    />
  );
}
