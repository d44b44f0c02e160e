// The session around everything: sign in, change the password that must be changed, then the pages.
import { useCallback, useEffect, useLayoutEffect, useState } from "react";
import { type ApiProblem, attempt, call, client, setCsrfToken, setOnSessionLost } from "./api/client";
import { startEvents, stopEvents } from "./api/events";
import { MustChangePasswordPage, SignInPage } from "./pages/sign_in";
import { type Session, SessionContext } from "./session";
import { Shell } from "./shell";
import { Loading, ProblemAlert } from "./ui/parts";

export function App() {
  const [session, setSession] = useState<Session>();
  const [isKnown, setKnown] = useState(false);
  const [notice, setNotice] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem>();

  const accept = useCallback((value: Session | undefined) => {
    setCsrfToken(value?.csrf_token ?? "");
    setSession(value);
    setKnown(true);
    setProblem(undefined);
  }, []);

  const readSession = useCallback(async () => {
    const refusal = await attempt(async () => accept(await call(client.GET("/session"))));
    if (refusal?.problem.status === 401) {
      accept(undefined);
    } else if (refusal !== undefined) {
      setProblem(refusal);
      setKnown(true);
    }
  }, [accept]);

  useEffect(() => {
    setOnSessionLost((lost) => {
      if (lost.code === "password_change_required") {
        setSession((before) => before && { ...before, must_change_password: true });
      } else {
        setSession((before) => {
          if (before !== undefined) {
            setNotice("Your session is over. Sign in again.");
          }
          return undefined;
        });
      }
    });
    void readSession();
  }, [readSession]);

  const isReady = session !== undefined && !session.must_change_password;
  useLayoutEffect(() => {
    // before the effects of the pages, which read once events flow
    if (!isReady) {
      return undefined;
    }
    startEvents();
    return stopEvents;
  }, [isReady]);

  const signOut = useCallback(async () => {
    const refusal = await attempt(async () => {
      await call(client.DELETE("/session"));
    });
    if (refusal !== undefined && refusal.problem.status !== 401) {
      setProblem(refusal);
      return;
    }
    setNotice(undefined);
    accept(undefined);
  }, [accept]);

  if (!isKnown) {
    return <Loading what="the session" />;
  }
  if (problem !== undefined) {
    return (
      <main className="wp-sign-in">
        <ProblemAlert problem={problem} onRetry={() => void readSession()} />
      </main>
    );
  }
  if (session === undefined) {
    return <SignInPage onSession={accept} notice={notice} />;
  }
  if (session.must_change_password) {
    return <MustChangePasswordPage onDone={readSession} onSignOut={() => void signOut()} />;
  }
  return (
    <SessionContext.Provider value={session}>
      <Shell onSignOut={() => void signOut()} onPasswordChanged={readSession} />
    </SessionContext.Provider>
  );
}
