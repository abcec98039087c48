import { signal } from "@preact/signals";

export type ThemeChoice = "auto" | "light" | "dark";

const KEY = "filmstar.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export const choice = signal<ThemeChoice>(stored());
/** Moves whenever the colours on screen do, so that charts are drawn anew. */
export const shown = signal<"light" | "dark">(resolve());

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto";
  }
}

function resolve(): "light" | "dark" {
  if (choice.value !== "auto") return choice.value;
  return system.matches ? "dark" : "light";
}

function apply(): void {
  if (choice.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice.value;
  shown.value = resolve();
}

export function choose(next: ThemeChoice): void {
  choice.value = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
  apply();
}

system.addEventListener("change", apply);
apply();
