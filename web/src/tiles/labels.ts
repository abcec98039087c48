import type { Catalogue, Page } from "../api/schema";
import { valueOf } from "../app/address";
import { moneyWords } from "../app/filters";

/** A title with `{parameter}` replaced by the label of what is chosen, and `{money}` by the kind of dollar. */
export function filled(text: string, page: Pick<Page, "filters" | "parameters">, query: string, catalogue: Catalogue | null): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const parameter = page.parameters.find((candidate) => candidate.name === name);
    if (!parameter) return name === "money" ? moneyWords(query, catalogue) : whole;
    const value = valueOf(query, name);
    if (!("options" in parameter.values)) return value || String(parameter.values.default);
    const { options } = parameter.values;
    return (options.find((option) => option.value === value) ?? options[0])?.label ?? whole;
  });
}
