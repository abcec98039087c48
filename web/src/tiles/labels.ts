import type { Parameter } from "../api/schema";
import { valueOf } from "../app/address";

/** A title with `{parameter}` replaced by the label of what is chosen. */
export function filled(text: string, parameters: Parameter[], query: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (!parameter) return whole;
    const value = valueOf(query, name);
    if (!("options" in parameter.values)) return value || String(parameter.values.default);
    const { options } = parameter.values;
    return (options.find((option) => option.value === value) ?? options[0])?.label ?? whole;
  });
}
