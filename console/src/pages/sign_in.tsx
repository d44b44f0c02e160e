// Signing in, and the password change that a new account owes.
import { Button, Card, CardBody, CardTitle, Form, Title } from "@patternfly/react-core";
import { type FormEvent, type ReactNode, useState } from "react";
import { type ApiProblem, attempt, call, client } from "../api/client";
import type { Session } from "../session";
import { TextField } from "../ui/fields";
import { ProblemAlert } from "../ui/parts";

function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="wp-sign-in">
      <Card isLarge>
        <CardTitle component="h1">
          <span className="wp-brand">
            <img src="/watchpost.svg" alt="" /> Watchpost
          </span>
        </CardTitle>
        <CardBody>
          <div className="wp-stack">
            <Title headingLevel="h2">{title}</Title>
            {children}
          </div>
        </CardBody>
      </Card>
    </main>
  );
}

function useSubmit(action: () => Promise<void>) {
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const refusal = await attempt(action);
      setProblem((before) => refusal ?? before); // what went wrong last stays until the page goes
    } finally {
      setBusy(false);
    }
  };
  return { problem, isBusy, submit };
}

export function SignInPage({ onSession, notice }: { onSession: (session: Session) => void; notice: string | undefined }) {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const { problem, isBusy, submit } = useSubmit(async () => {
    onSession(await call(client.POST("/session", { body: { user, password } })));
  });
  return (
    <Frame title="Sign in">
      {notice !== undefined && problem === undefined && <p>{notice}</p>}
      <ProblemAlert problem={problem} />
      <Form onSubmit={submit}>
        <TextField id="user" label="User name" isRequired autoFocus autoComplete="username" value={user} onChange={setUser} />
        <TextField id="password" label="Password" type="password" isRequired autoComplete="current-password" value={password} onChange={setPassword} />
        <Button type="submit" isBlock isLoading={isBusy} isDisabled={isBusy || user === "" || password === ""}>
          Sign in
        </Button>
      </Form>
    </Frame>
  );
}

/** `onDone` is told after the change; sessions of other browsers have ended. */
export function ChangePasswordForm({ onDone, onCancel }: { onDone: () => Promise<void>; onCancel?: () => void }) {
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [again, setAgain] = useState("");
  const { problem, isBusy, submit } = useSubmit(async () => {
    await call(client.POST("/session/password", { body: { current_password: current, new_password: wanted } }));
    await onDone();
  });
  const differs = again !== "" && again !== wanted;
  return (
    <>
      {problem !== undefined && problem.problem.fields === undefined && <ProblemAlert problem={problem} />}
      <Form onSubmit={submit}>
        <TextField id="current-password" label="Current password" type="password" isRequired autoFocus autoComplete="current-password" value={current} error={problem?.fields.current_password} onChange={setCurrent} />
        <TextField id="new-password" label="New password" type="password" isRequired autoComplete="new-password" value={wanted} error={problem?.fields.new_password} help="At least 12 characters." onChange={setWanted} />
        <TextField id="new-password-again" label="New password again" type="password" isRequired autoComplete="new-password" value={again} error={differs ? "The two new passwords differ." : undefined} onChange={setAgain} />
        <div className="wp-actions">
          <Button
            type="submit"
            isLoading={isBusy}
            isDisabled={isBusy || current === "" || wanted === "" || again !== wanted}
          >
            Change password
          </Button>
          {onCancel && (
            <Button variant="link" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </div>
      </Form>
    </>
  );
}

export function MustChangePasswordPage({ onDone, onSignOut }: { onDone: () => Promise<void>; onSignOut: () => void }) {
  return (
    <Frame title="Choose a password of your own">
      <p>The password that you signed in with was made by somebody else and works only once.</p>
      <ChangePasswordForm onDone={onDone} />
      <Button variant="link" isInline onClick={onSignOut}>
        Sign out
      </Button>
    </Frame>
  );
}
