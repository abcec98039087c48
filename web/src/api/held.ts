import { signal } from "@preact/signals";

/** Questions that wait because the server was asked more than it answers one reader. */
export const held = signal(0);

/** Waits that long and a little more, differently each time, so that what was held back together does not come together again. */
export function waitBefore(milliseconds: number, abort?: AbortSignal): Promise<void> {
  held.value += 1;
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds * (1 + Math.random() / 2));
    abort?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(abort.reason);
    });
  }).finally(() => {
    held.value -= 1;
  });
}
