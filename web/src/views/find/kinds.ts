import type { SearchResult, Entity } from "../../api/schema";

export const KINDS: Record<Entity, { one: string; many: string }> = {
  movie: { one: "film", many: "Films" },
  person: { one: "person", many: "People" },
  collection: { one: "franchise", many: "Franchises" },
  company: { one: "company", many: "Companies" },
};

export interface Group {
  kind: Entity;
  results: SearchResult[];
}

export function subjectUrl({ kind, id }: { kind: Entity; id: number }): string {
  return `/pages/${kind}?id=${id}`;
}

export function findUrl(query: string): string {
  return query === "" ? "/pages/find" : `/pages/find?${new URLSearchParams({ q: query })}`;
}

/** The kind of the best hit comes first; inside a kind the server's order stays. */
export function grouped(results: SearchResult[]): Group[] {
  const groups: Group[] = [];
  for (const result of results) {
    const group = groups.find(({ kind }) => kind === result.kind);
    if (group) group.results.push(result);
    else groups.push({ kind: result.kind, results: [result] });
  }
  return groups;
}
