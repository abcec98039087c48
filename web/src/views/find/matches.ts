export interface Piece {
  text: string;
  isMatch: boolean;
}

/** Letters without their accents, in one case; one character for each of the text, so that places agree. */
function folded(text: string): string[] {
  return [...text].map((character) => {
    const bare = character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return bare === "" ? character : [...bare][0] ?? character;
  });
}

function words(text: string): string[] {
  return folded(text)
    .join("")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** The text in pieces: a word of the query is a match where a word begins with it, or else wherever it stands. */
export function pieces(text: string, query: string): Piece[] {
  const characters = [...text];
  const plain = folded(text);
  const isMatch = new Array<boolean>(characters.length).fill(false);
  for (const word of words(query)) {
    const length = [...word].length;
    const places = plain.map((_, at) => at).filter((at) => plain.slice(at, at + length).join("") === word);
    const starts = places.filter((at) => at === 0 || !/[\p{L}\p{N}]/u.test(plain[at - 1] ?? ""));
    for (const at of starts.length > 0 ? starts : places) isMatch.fill(true, at, at + length);
  }
  const found: Piece[] = [];
  characters.forEach((character, at) => {
    const last = found.at(-1);
    if (last && last.isMatch === isMatch[at]) last.text += character;
    else found.push({ text: character, isMatch: isMatch[at] ?? false });
  });
  return found;
}

/** Whether every word of the query stands in the text: otherwise the server forgave something, or knows another title. */
export function isLiteral(text: string, query: string): boolean {
  const plain = folded(text).join("");
  return words(query).every((word) => plain.includes(word));
}
