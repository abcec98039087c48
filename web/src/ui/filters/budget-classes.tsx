import type { Catalogue } from "../../api/schema";
import { setValue, valueOf } from "../../app/address";
import { formatCount } from "../format";

/** Several classes of budget at once; all of them is none of them. */
export function BudgetClasses({ catalogue, query }: { catalogue: Catalogue; query: string }) {
  const classes = catalogue.budget_classes ?? [];
  const chosen = new Set(valueOf(query, "budget_class").split(",").filter(Boolean));
  function toggle(name: string) {
    const next = classes.map((each) => each.name).filter((each) => chosen.has(each) !== (each === name));
    setValue("budget_class", next.length === classes.length ? "" : next.join(","));
  }
  return (
    <fieldset class="checks">
      <legend class="visually-hidden">Budget classes, in real dollars</legend>
      {classes.map(({ name, label, n_movies }) => (
        <label key={name}>
          <input type="checkbox" name="budget_class" value={name} checked={chosen.has(name)} onChange={() => toggle(name)} />
          <span>{label}</span>
          <span class="option-count">{formatCount(n_movies)}</span>
        </label>
      ))}
    </fieldset>
  );
}
