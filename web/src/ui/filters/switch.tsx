import type { Parameter } from "../../api/schema";
import { setValue, valueOf } from "../../app/address";
import { Segments } from "../segments";
import { Combobox } from "./combobox";
import { Pill, closePanel } from "./pill";

/** More options than this do not stand side by side. */
const MAX_SEGMENTS = 4;

/** A page's own parameter. */
export function Switch({ parameter, query }: { parameter: Parameter; query: string }) {
  const { name, label, values } = parameter;
  const value = valueOf(query, name);
  if (!("options" in values)) {
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
  const standard = values.options[0]?.value ?? "";
  const choose = (next: string) => setValue(name, next === standard ? "" : next);
  if (values.options.length <= MAX_SEGMENTS) {
    return <Segments name={name} label={label} options={values.options} value={value || standard} onChoose={choose} />;
  }
  const chosen = values.options.find((option) => option.value === (value || standard))?.label ?? value;
  return (
    <Pill name={name} label={label} words={chosen} isSet={value !== ""} onClear={() => choose("")}>
      <Combobox
        label={label}
        options={values.options}
        value={value || standard}
        onPick={(next, element) => {
          choose(next);
          closePanel(element);
        }}
      />
    </Pill>
  );
}
