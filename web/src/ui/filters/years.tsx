import type { Catalogue } from "../../api/schema";
import { readYears, setValue, valueOf, yearsValue } from "../../app/address";

/** The release years: two numbers, or two ends of a line to drag. */
export function Years({ catalogue, query }: { catalogue: Catalogue; query: string }) {
  const [min, max] = catalogue.years;
  const [from, to] = readYears(valueOf(query, "years"), catalogue.default_years);
  const presets: [string, number, number][] = [
    ["Default", ...catalogue.default_years],
    ["Last 10 years", Math.max(min, max - 9), max],
    ["Since 2000", Math.max(min, 2000), max],
    ["All", min, max],
  ];
  function change(first: number, last: number) {
    if (first >= 1000 && last >= 1000) setValue("years", yearsValue(first, last, catalogue.default_years));
  }
  return (
    <div class="years">
      <div class="years-numbers">
        <label>
          <span>From</span>
          <input type="number" name="from" min={min} max={max} value={from} onChange={(event) => change(event.currentTarget.valueAsNumber, to)} />
        </label>
        <label>
          <span>to</span>
          <input type="number" name="to" min={min} max={max} value={to} onChange={(event) => change(from, event.currentTarget.valueAsNumber)} />
        </label>
      </div>
      <div class="years-line" style={{ "--from": (from - min) / (max - min || 1), "--to": (to - min) / (max - min || 1) }}>
        <input
          type="range"
          aria-label="First year"
          min={min}
          max={max}
          value={from}
          onChange={(event) => change(Math.min(event.currentTarget.valueAsNumber, to), to)}
        />
        <input
          type="range"
          aria-label="Last year"
          min={min}
          max={max}
          value={to}
          onChange={(event) => change(from, Math.max(event.currentTarget.valueAsNumber, from))}
        />
      </div>
      <div class="presets">
        {presets.map(([text, first, last]) => (
          <button key={text} type="button" aria-pressed={from === first && to === last} onClick={() => change(first, last)}>
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}
