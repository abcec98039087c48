import { useState } from "preact/hooks";
import type { Entity } from "../../api/schema";

const HOST = "https://image.tmdb.org/t/p/";
/** TMDB's widths that are twice what is shown, for sharp screens. */
const SIZES: Record<Entity, string> = { movie: "w342", collection: "w342", person: "h632", company: "w300" };
const WORDS: Record<Entity, string> = { movie: "Poster", collection: "Poster", person: "Portrait", company: "Logo" };

/** Whether the server allows pictures from TMDB's host. */
export function hasPictures(): boolean {
  return document.body.dataset.pictures !== undefined;
}

/** An address at TMDB's host, of nothing but a plain file name. */
export function pictureUrl(kind: Entity, path: string | null): string | null {
  return path && /^\/[\w-]+\.(jpg|png|svg)$/.test(path) ? `${HOST}${SIZES[kind]}${path}` : null;
}

/** Its place is kept by the style sheet, whether there is a picture or not. */
export function Picture({ kind, path, title }: { kind: Entity; path: string | null; title: string }) {
  const [failed, setFailed] = useState<string | null>(null);
  const url = pictureUrl(kind, path);
  return (
    <div class={`subject-picture subject-picture-${kind}`}>
      {url && url !== failed ? (
        <img src={url} alt={`${WORDS[kind]}: ${title}`} decoding="async" onError={() => setFailed(url)} />
      ) : (
        <span>{url ? "The picture cannot be fetched" : `No ${WORDS[kind].toLowerCase()} at TMDB`}</span>
      )}
    </div>
  );
}
