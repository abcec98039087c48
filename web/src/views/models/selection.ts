import type { ModelEntry } from "../../api/schema";
import { valueOf } from "../../app/address";

/** Whether a model is among those that the address asks for. */
export function isWanted(model: ModelEntry, query: string): boolean {
  const text = valueOf(query, "q").trim().toLowerCase();
  const [layer, group] = [valueOf(query, "layer"), valueOf(query, "group")];
  if (layer !== "" && model.layer !== layer) return false;
  if (group !== "" && model.group !== group) return false;
  if (valueOf(query, "public") !== "" && !model.is_public) return false;
  if (valueOf(query, "trouble") !== "" && model.tests.fail + model.tests.warn + model.tests.skip === 0) return false;
  return text.split(/\s+/).every((word) => model.name.toLowerCase().includes(word) || model.description.toLowerCase().includes(word));
}

/** The values of a property, each once, in the order of the models. */
export function distinct(models: ModelEntry[], property: "layer" | "group"): string[] {
  return [...new Set(models.map((model) => model[property]).filter((value) => value !== null))].filter((value) => value !== "");
}
