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

/** The text in pieces: those that begin a word as a word of the query does are matches. */
export function pieces(text: string, query: string): Piece[] {
  const characters = [...text];
  const plain = folded(text);
  const isMatch = new Array<boolean>(characters.length).fill(false);
  for (const word of words(query)) {
    const length = [...word].length;
    for (let at = 0; at + length <= plain.length; at += 1) {
      const isStart = at === 0 || !/[\p{L}\p{N}]/u.test(plain[at - 1] ?? "");
      if (isStart && plain.slice(at, at + length).join("") === word) isMatch.fill(true, at, at + length);
    }
  }
  const found: Piece[] = [];
  characters.forEach((character, at) => {
    const last = found.at(-1);
    if (last && last.isMatch === isMatch[at]) last.text += character;
    else found.push({ text: character, isMatch: isMatch[at] ?? false });
  });
  return found;
}

/** Whether every word of the query begins a word of the text: otherwise the server forgave something. */
export function isLiteral(text: string, query: string): boolean {
  const known = words(text);
  return words(query).every((word) => known.some((candidate) => candidate.startsWith(word)));
}
