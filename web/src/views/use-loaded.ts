import { useEffect, useState } from "preact/hooks";
import { Problem } from "../api/client";
import { generation } from "../tiles/coordinator";

/** What a view asked for once; the last answer stays while the next is on its way. */
export interface Loaded<T> {
  value: T | null;
  problem: Problem | null;
}

/** Asks again when the address or the published build changes. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, about: string): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { about: string }>({ value: null, problem: null, about });
  const round = generation.value;
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => setLoaded({ value, problem: null, about }),
      (cause: unknown) => {
        if (abort.signal.aborted) return;
        setLoaded({ value: null, problem: cause instanceof Problem ? cause : new Problem(String(cause), null), about });
      },
    );
    return () => abort.abort();
  }, [about, round]);
  return loaded.about === about ? loaded : { value: null, problem: null };
}
