import { type ThemeChoice, choice, choose } from "../app/theme";

const CHOICES: { value: ThemeChoice; label: string }[] = [
  { value: "auto", label: "Auto" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function ThemeToggle() {
  return (
    <fieldset class="segments theme-toggle">
      <legend class="visually-hidden">Colours</legend>
      {CHOICES.map(({ value, label }) => (
        <label key={value}>
          <input type="radio" name="theme" value={value} checked={choice.value === value} onChange={() => choose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
