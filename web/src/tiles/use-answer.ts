import { useCallback, useEffect, useState } from "preact/hooks";
import { Problem } from "../api/client";
import type { Answer } from "../api/schema";
import { ask, generation, shownBuild } from "./coordinator";

/** What a tile knows: the last answer stays while the next one is on its way. */
export interface TileState {
  answer: Answer | null;
  problem: Problem | null;
  isLoading: boolean;
}

export function useAnswer(url: string): [state: TileState, retry: () => void] {
  const [state, setState] = useState<TileState>({ answer: null, problem: null, isLoading: true });
  const [attempt, setAttempt] = useState(0);
  const round = generation.value;
  useEffect(() => {
    let isCurrent = true;
    setState((before) => ({ ...before, isLoading: true }));
    const { answer, release } = ask(url);
    answer.then(
      (value) => isCurrent && setState({ answer: value, problem: null, isLoading: false }),
      (cause: unknown) => {
        if (!isCurrent) return;
        const problem = cause instanceof Problem ? cause : new Problem(String(cause), null);
        setState((before) => ({ ...before, problem, isLoading: false }));
      },
    );
    return () => {
      isCurrent = false;
      release();
    };
  }, [url, round, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  // At once, so that no page shows two builds as current even for a moment.
  const isOld = state.answer !== null && state.answer.build_id !== shownBuild();
  return [isOld ? { ...state, isLoading: true } : state, retry];
}
