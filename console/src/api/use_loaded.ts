// Something that is read from the API when a page opens, with its failure and a way to read it anew.
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem } from "./client";

export interface Loaded<T> {
  data: T | undefined;
  problem: ApiProblem | undefined;
  isLoading: boolean;
  reload: () => void;
  set: (change: (data: T) => T) => void;
}

/** `key` names what is read: another key reads anew, and an answer that comes too late is dropped. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data?: T; problem?: ApiProblem; isLoading: boolean }>({ isLoading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    let isWanted = true;
    setState((before) => ({ ...before, isLoading: true }));
    latest
      .current()
      .then((data) => isWanted && setState({ data, isLoading: false }))
      .catch((error: unknown) => {
        if (!(error instanceof ApiProblem)) {
          throw error;
        }
        if (isWanted) {
          setState((before) => ({ ...before, problem: error, isLoading: false }));
        }
      });
    return () => {
      isWanted = false;
    };
  }, [key, turn]);

  const reload = useCallback(() => setTurn((value) => value + 1), []);
  const set = useCallback((change: (data: T) => T) => {
    setState((before) => (before.data === undefined ? before : { ...before, data: change(before.data) }));
  }, []);
  return { data: state.data, problem: state.problem, isLoading: state.isLoading, reload, set };
}
