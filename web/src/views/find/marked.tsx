import { pieces } from "./matches";

/** A title with what the reader typed marked in it. */
export function Marked({ text, query }: { text: string; query: string }) {
  return (
    <>
      {pieces(text, query).map((piece, index) => (piece.isMatch ? <mark key={index}>{piece.text}</mark> : piece.text))}
    </>
  );
}
