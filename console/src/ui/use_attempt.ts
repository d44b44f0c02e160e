// One action behind a button: whether it is under way, and why the API refused it last.
import { useState } from "react";
import { type ApiProblem, attempt } from "../api/client";

export function useAttempt(action: () => Promise<void>) {
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setProblem(await attempt(action));
    } finally {
      setBusy(false);
    }
  };
  return { problem, isBusy, run };
}
