// Something that is read from the API when a page opens, with its failure and a way to read it anew.
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem } from "./client";
import { whenEventsFlow } from "./events";

export interface Loaded<T> {
  data: T | undefined;
  problem: ApiProblem | undefined;
  isLoading: boolean;
  /** Reads anew; what is being read now is read to its end first, and then once more, however often this is called. */
  reload: () => void;
  /** Changes what is shown. An answer under way may be older than the change: it gets the change as well. */
  set: (change: (data: T) => T) => void;
}

interface Reading<T> {
  changes: ((data: T) => T)[];
  isWantedAgain: boolean;
}

/** `key` names what is read: another key reads anew, and an answer that comes too late is dropped. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data?: T; problem?: ApiProblem; isLoading: boolean }>({ isLoading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const reading = useRef<Reading<T>>(undefined);

  useEffect(() => {
    const own: Reading<T> = { changes: [], isWantedAgain: false };
    reading.current = own;
    setState((before) => ({ ...before, isLoading: true }));
    const end = (outcome: (before: { data?: T }) => { data?: T; problem?: ApiProblem }) => {
      if (reading.current !== own) {
        return;
      }
      reading.current = undefined;
      setState((before) => ({ ...outcome(before), isLoading: false }));
      if (own.isWantedAgain) {
        setTurn((value) => value + 1);
      }
    };
    whenEventsFlow()
      .then(() => latest.current())
      .then((data) => end(() => ({ data: own.changes.reduce((changed, change) => change(changed), data) })))
      .catch((error: unknown) => {
        if (!(error instanceof ApiProblem)) {
          throw error;
        }
        end((before) => ({ data: before.data, problem: error }));
      });
    return () => {
      if (reading.current === own) {
        reading.current = undefined;
      }
    };
  }, [key, turn]);

  const reload = useCallback(() => {
    if (reading.current === undefined) {
      setTurn((value) => value + 1);
    } else {
      reading.current.isWantedAgain = true;
    }
  }, []);
  const set = useCallback((change: (data: T) => T) => {
    reading.current?.changes.push(change);
    setState((before) => (before.data === undefined ? before : { ...before, data: change(before.data) }));
  }, []);
  return { data: state.data, problem: state.problem, isLoading: state.isLoading, reload, set };
}
