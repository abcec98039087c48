export interface Option {
  value: string;
  label: string;
  /** How many films it has. */
  n?: number;
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The options whose name has every word typed, without regard to accents and case. */
export function matching(options: Option[], typed: string): Option[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  return options.filter((option) => {
    const name = plain(option.label);
    return wanted.every((word) => name.includes(word) || plain(option.value) === word);
  });
}
