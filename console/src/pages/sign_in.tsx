// Signing in, and the password change that a new account owes.
import { Button, Card, CardBody, CardTitle, Form, FormGroup, TextInput } from "@patternfly/react-core";
import { type FormEvent, type ReactNode, useState } from "react";
import { ApiProblem, call, client } from "../api/client";
import type { Session } from "../session";
import { FieldHelp, ProblemAlert } from "../ui/parts";

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
            <h2>{title}</h2>
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
      await action();
    } catch (error) {
      if (!(error instanceof ApiProblem)) {
        throw error;
      }
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { problem, setProblem, isBusy, submit };
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
        <FormGroup label="User name" fieldId="user" isRequired>
          <TextInput
            id="user"
            isRequired
            autoFocus
            autoComplete="username"
            value={user}
            onChange={(_event, value) => setUser(value)}
          />
        </FormGroup>
        <FormGroup label="Password" fieldId="password" isRequired>
          <TextInput
            id="password"
            type="password"
            isRequired
            autoComplete="current-password"
            value={password}
            onChange={(_event, value) => setPassword(value)}
          />
        </FormGroup>
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
        <FormGroup label="Current password" fieldId="current-password" isRequired>
          <TextInput
            id="current-password"
            type="password"
            isRequired
            autoFocus
            autoComplete="current-password"
            value={current}
            onChange={(_event, value) => setCurrent(value)}
            validated={problem?.fields.current_password === undefined ? "default" : "error"}
            aria-describedby="current-password-help"
          />
          <FieldHelp id="current-password-help" error={problem?.fields.current_password} />
        </FormGroup>
        <FormGroup label="New password" fieldId="new-password" isRequired>
          <TextInput
            id="new-password"
            type="password"
            isRequired
            autoComplete="new-password"
            value={wanted}
            onChange={(_event, value) => setWanted(value)}
            validated={problem?.fields.new_password === undefined ? "default" : "error"}
            aria-describedby="new-password-help"
          />
          <FieldHelp id="new-password-help" error={problem?.fields.new_password} help="At least 12 characters." />
        </FormGroup>
        <FormGroup label="New password again" fieldId="new-password-again" isRequired>
          <TextInput
            id="new-password-again"
            type="password"
            isRequired
            autoComplete="new-password"
            value={again}
            onChange={(_event, value) => setAgain(value)}
            validated={differs ? "error" : "default"}
            aria-describedby="new-password-again-help"
          />
          <FieldHelp
            id="new-password-again-help"
            error={differs ? "The two new passwords differ." : undefined}
          />
        </FormGroup>
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
