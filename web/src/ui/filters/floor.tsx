import { setValue } from "../../app/address";

interface Props {
  name: string;
  label: string;
  steps: number[];
  value: number;
  standard: number;
  format: (value: number) => string;
  note: string;
}

/** A least value: a few usual ones, or any number. */
export function Floor({ name, label, steps, value, standard, format, note }: Props) {
  function choose(next: number) {
    if (Number.isNaN(next) || next < 0) return;
    const whole = Math.round(next);
    setValue(name, whole === standard ? "" : String(whole));
  }
  return (
    <div class="floor">
      <div class="presets" role="group" aria-label={label}>
        {steps.map((step) => (
          <button key={step} type="button" aria-pressed={step === value} onClick={() => choose(step)}>
            {format(step)}
          </button>
        ))}
      </div>
      <label>
        <span>Another number</span>
        <input type="number" name={name} min={0} value={value} onChange={(event) => choose(event.currentTarget.valueAsNumber)} />
      </label>
      <p class="panel-note">{note}</p>
    </div>
  );
}
