import { expect, test } from "vitest";
import { grouped } from "./kinds";
import { isLiteral, pieces } from "./matches";

function check(text: string, query: string, expected: string) {
  const shown = pieces(text, query).map((piece) => (piece.isMatch ? `[${piece.text}]` : piece.text));
  expect(shown.join("")).toBe(expected);
}

test("a match is marked whatever its accents and case", () => {
  check("Amélie", "amelie", "[Amélie]");
  check("Le Fabuleux Destin d’Amélie Poulain", "ame DESTIN", "Le Fabuleux [Destin] d’[Amé]lie Poulain");
  check("Æon Flux", "flux", "Æon [Flux]");
  check("千と千尋の神隠し", "千と", "[千と]千尋の神隠し");
});

test("beginnings of words match before what is inside them, and nothing of an empty query", () => {
  check("The Godfather", "father", "The God[father]");
  check("Godfather of Father Brown", "father", "Godfather of [Father] Brown");
  check("The Godfather", "", "The Godfather");
  check("The Godfather Part II", "part god", "The [God]father [Part] II");
});

test("a forgiven typo is told from a literal hit", () => {
  expect(isLiteral("The Godfather", "godfather the")).toBe(true);
  expect(isLiteral("The Godfather", "godfater")).toBe(false);
});

test("the kind of the best hit leads", () => {
  const hit = (kind: "movie" | "person", id: number) => ({ kind, id, title: "", detail: null, weight: 0 });
  const groups = grouped([hit("person", 1), hit("movie", 2), hit("person", 3)]);
  expect(groups.map(({ kind, results }) => [kind, results.map(({ id }) => id)])).toEqual([
    ["person", [1, 3]],
    ["movie", [2]],
  ]);
});
