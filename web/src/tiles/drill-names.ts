import { fetchPage } from "../api/client";
import { ownNames } from "../app/filters";

const known = new Map<string, Promise<string[] | null>>();

/** The filters and parameters that a page takes, asked for once; null when the server does not say. */
export function pageNames(page: string): Promise<string[] | null> {
  let names = known.get(page);
  if (!names) {
    names = fetchPage(page).then(ownNames, () => null);
    known.set(page, names);
  }
  return names;
}
