import { useEffect, useState } from "preact/hooks";
import { Problem, search } from "../../api/client";
import type { SearchResult } from "../../api/schema";

/** A pause this long means that the reader looks up from the keys. */
const PAUSE_MS = 90;

export interface Found {
  /** The text that the results answer; it lags behind what is being typed. */
  query: string;
  results: SearchResult[];
  problem: Problem | null;
  isLoading: boolean;
}

const NOTHING: Found = { query: "", results: [], problem: null, isLoading: false };

/** Asks when the typing pauses, and lets go of a question that is overtaken. */
export function useSearch(text: string, limit: number): Found {
  const [found, setFound] = useState<Found>(NOTHING);
  const query = text.trim();
  useEffect(() => {
    if (query === "") {
      setFound(NOTHING);
      return;
    }
    const abort = new AbortController();
    setFound((before) => ({ ...before, isLoading: true }));
    const pause = setTimeout(() => {
      search(query, limit, abort.signal).then(
        ({ results }) => setFound({ query, results, problem: null, isLoading: false }),
        (cause: unknown) => {
          if (abort.signal.aborted) return;
          const problem = cause instanceof Problem ? cause : new Problem(String(cause), null);
          setFound({ query, results: [], problem, isLoading: false });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(pause);
      abort.abort();
    };
  }, [query, limit]);
  return found;
}
