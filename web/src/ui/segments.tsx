interface Props {
  name: string;
  label: string;
  options: { value: string; label: string }[];
  value: string;
  onChoose: (value: string) => void;
}

/** A few options side by side, one of them chosen. */
export function Segments({ name, label, options, value, onChoose }: Props) {
  return (
    <fieldset class="segmented">
      <legend>{label}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={name} value={option.value} checked={value === option.value} onChange={() => onChoose(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
