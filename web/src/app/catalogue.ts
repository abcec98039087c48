import { signal } from "@preact/signals";
import { fetchCatalogue } from "../api/client";
import type { Catalogue } from "../api/schema";

/** What the filters can be set to; null until the server has said so. */
export const catalogue = signal<Catalogue | null>(null);

export function loadCatalogue(): void {
  // Without it the tiles still say what is wrong; the filters just have nothing to offer.
  fetchCatalogue().then(
    (found) => {
      catalogue.value = found;
    },
    () => undefined,
  );
}
