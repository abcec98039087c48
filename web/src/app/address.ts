import { signal } from "@preact/signals";

/** The query string without its question mark: the whole state of a page. */
export const address = signal(read());

function read(): string {
  return globalThis.location?.search.slice(1) ?? "";
}

globalThis.addEventListener?.("popstate", () => {
  address.value = read();
});

/** A query string with some values changed; an empty value leaves the address. */
export function changed(query: string, values: Record<string, string>): string {
  const pairs = new URLSearchParams(query);
  for (const [name, value] of Object.entries(values)) {
    if (value === "") pairs.delete(name);
    else pairs.set(name, value);
  }
  pairs.sort();
  return pairs.toString();
}

export function without(query: string, names: Iterable<string>): string {
  return changed(query, Object.fromEntries([...names].map((name) => [name, ""])));
}

export function valueOf(query: string, name: string): string {
  return new URLSearchParams(query).get(name) ?? "";
}

/** Puts a value in the address as a step that Back undoes. */
export function setValue(name: string, value: string): void {
  setValues({ [name]: value });
}

export function setValues(values: Record<string, string>): void {
  go(changed(address.value, values));
}

export function go(query: string): void {
  if (query === address.value) return;
  history.pushState(null, "", query ? `?${query}` : location.pathname);
  address.value = query;
}

/** Puts a value in the address without a step of its own: for what is being typed. */
export function replaceValue(name: string, value: string): void {
  const query = changed(address.value, { [name]: value });
  if (query === address.value) return;
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  address.value = query;
}

/** `1990-2016`, or nothing when it is the default; two years in the wrong order are swapped. */
export function yearsValue(from: number, to: number, defaults: [number, number]): string {
  const [first, last] = from <= to ? [from, to] : [to, from];
  return first === defaults[0] && last === defaults[1] ? "" : `${first}-${last}`;
}

export function readYears(value: string, defaults: [number, number]): [number, number] {
  const match = /^(\d{4})(?:-(\d{4}))?$/.exec(value);
  if (!match) return defaults;
  return [Number(match[1]), Number(match[2] ?? match[1])];
}
