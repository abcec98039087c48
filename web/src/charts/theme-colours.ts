/** The colours of a drawing by what they mean; a page's spec names them with a dollar sign. */
export interface Theme {
  ink: string;
  muted: string;
  faint: string;
  grid: string;
  paper: string;
  accent: string;
  second: string;
  good: string;
  bad: string;
}

const NAMES = ["ink", "muted", "faint", "grid", "paper", "accent", "second", "good", "bad"] as const;

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as unknown as Theme;
}
