/** Screens of a kind draw alike. */
function key(name: string): string {
  return `filmstar.height.${name}.${globalThis.innerWidth < 640 ? "narrow" : "wide"}`;
}

/** The height that something had when it was last seen, else a likely one: what comes then moves nothing. */
export function rememberedHeight(name: string, likely: number): number {
  try {
    const stored = Number(sessionStorage.getItem(key(name)));
    if (stored > 0) return stored;
  } catch {
    // A browser that keeps nothing gets the likely height.
  }
  return likely;
}

/** Follows the height of an element that is complete when `isComplete` says so. */
export function rememberHeight(name: string, element: HTMLElement | null, isComplete: (element: HTMLElement) => boolean): void {
  if (!element) return;
  const observer = new ResizeObserver(() => {
    if (!element.isConnected) return observer.disconnect();
    if (!isComplete(element)) return;
    try {
      sessionStorage.setItem(key(name), String(element.offsetHeight));
    } catch {
      observer.disconnect();
    }
  });
  observer.observe(element);
}
