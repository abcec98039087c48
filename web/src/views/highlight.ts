export type TokenKind = "comment" | "string" | "name" | "number" | "keyword" | "plain";

export interface Token {
  kind: TokenKind;
  text: string;
}

const KEYWORDS = new Set(
  (
    "all and any as asc between by case cast count cross current desc distinct else end except exists extract false filter first following " +
    "from full group having ilike in inner intersect interval is join last lateral left like limit natural not null nulls offset on or order " +
    "outer over partition preceding range recursive right rows select similar then to true unbounded union unnest using values when where " +
    "window with within"
  ).split(" "),
);

/** What SQL is made of; an unclosed text runs to the end, as the database reads it. */
const TOKEN =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^']|'')*(?:'|$))|(?<name>"(?:[^"]|"")*(?:"|$))|(?<number>\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)/giu;

/** The text in pieces that, put together, are the text. */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  function plain(text: string) {
    const last = found.at(-1);
    if (last?.kind === "plain") last.text += text;
    else if (text !== "") found.push({ kind: "plain", text });
  }
  for (const match of sql.matchAll(TOKEN)) {
    plain(sql.slice(end, match.index));
    end = match.index + match[0].length;
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? ["word"];
    if (kind !== "word") found.push({ kind: kind as TokenKind, text: match[0] });
    else if (KEYWORDS.has(match[0].toLowerCase())) found.push({ kind: "keyword", text: match[0] });
    else plain(match[0]);
  }
  plain(sql.slice(end));
  return found;
}
