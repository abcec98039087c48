/** The colours of a drawing by what they mean; a page's spec names them with a dollar sign. */
export interface Theme {
  ink: string;
  muted: string;
  faint: string;
  grid: string;
  paper: string;
  accent: string;
  second: string;
  third: string;
  fourth: string;
  good: string;
  bad: string;
}

const NAMES = ["ink", "muted", "faint", "grid", "paper", "accent", "second", "third", "fourth", "good", "bad"] as const;

/** The colours on screen, or those of a theme that is not: the page is never painted in between. */
export function readTheme(theme?: "light" | "dark"): Theme {
  return read(NAMES, theme) as unknown as Theme;
}

/** What a picture on paper is written with. */
export function readInks() {
  return read(["paper", "ink", "muted", "rule", "serif", "sans"] as const, "light");
}

function read<Name extends string>(names: readonly Name[], theme?: "light" | "dark"): Record<Name, string> {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  if (theme) dataset.theme = theme;
  const style = getComputedStyle(document.documentElement);
  const found = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Record<Name, string>;
  if (theme && before === undefined) delete dataset.theme;
  else if (theme) dataset.theme = before;
  return found;
}
