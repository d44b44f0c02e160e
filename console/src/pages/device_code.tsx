// Getting a refresh token by device code (RFC 8628): the code is shown, somebody enters it in another
// window, and the provider is asked until that is done. The token comes back sealed to the collector.
import { Alert, Button } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import { type ApiProblem, attempt, call, client, type Schemas } from "../api/client";
import { HostileText } from "../text/hostile_text";
import { ProblemAlert } from "../ui/parts";
import { toSettings } from "./pop3_form";
import type { FieldsProperties } from "./pop3_integration";

type DeviceCode = Schemas["DeviceCode"];

function WaitingForCode({ code }: { code: DeviceCode }) {
  return (
    <Alert variant="info" isInline isLiveRegion title="Enter this code at the provider" data-testid="device-code">
      <p className="wp-device-code">{code.user_code}</p>
      <p>
        at{" "}
        <a href={code.verification_uri} target="_blank" rel="noreferrer noopener">
          <HostileText text={code.verification_uri ?? ""} />
        </a>
        , signed in as the mailbox&apos;s user. Nobody else should be given this code. Waiting …
      </p>
    </Alert>
  );
}

/** Asks on while a code waits; the provider says how often. What is typed meanwhile disturbs nothing. */
function useAsking(sensorId: string, code: DeviceCode | undefined, onAnswer: (answer: DeviceCode) => void, onProblem: (problem: ApiProblem) => void) {
  const latest = useRef({ onAnswer, onProblem });
  useEffect(() => {
    latest.current = { onAnswer, onProblem };
  });
  useEffect(() => {
    if (code?.state !== "pending" || code.id === undefined) {
      return undefined;
    }
    const id = code.id;
    let isOver = false;
    const timer = setTimeout(() => {
      void attempt(async () => {
        const answer = await call(client.POST("/sensors/{sensor_id}/device-code/ask", { params: { path: { sensor_id: sensorId } }, body: { id } }));
        if (!isOver) {
          latest.current.onAnswer(answer.state === "pending" ? { ...code, interval_s: answer.interval_s ?? 5 } : answer);
        }
      }).then((problem) => {
        if (problem !== undefined && !isOver) {
          latest.current.onProblem(problem);
        }
      });
    }, Math.max(code.interval_s ?? 5, 1) * 1000);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [sensorId, code]);
}

export function DeviceCodeField({ values, change, sensorId, mailboxId, version, setErrors }: FieldsProperties & { sensorId: string; mailboxId: string | undefined; version: number | undefined; setErrors: (fields: Record<string, string>) => void }) {
  const [code, setCode] = useState<DeviceCode>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    setCode(undefined);
    const refused = await attempt(async () => {
      const body = { settings: toSettings({ ...values, sealedToken: "" }, version), ...(mailboxId === undefined ? {} : { mailbox_id: mailboxId }) };
      setCode(await call(client.POST("/sensors/{sensor_id}/device-code", { params: { path: { sensor_id: sensorId } }, body })));
    });
    setProblem(refused);
    setErrors(refused?.fields ?? {});
    setBusy(false);
  };
  useAsking(
    sensorId,
    code,
    (answer) => {
      setCode(answer);
      if (answer.state === "granted" && answer.sealed_token !== undefined) {
        change({ sealedToken: answer.sealed_token, password: "" });
      }
    },
    (refused) => {
      setCode(undefined);
      setProblem(refused);
    },
  );
  return (
    <div className="wp-stack">
      <div>
        <Button variant="secondary" isLoading={isBusy} isDisabled={isBusy || code?.state === "pending"} onClick={() => void begin()}>
          Get a token by device code
        </Button>
      </div>
      {problem !== undefined && <ProblemAlert problem={problem} />}
      {code?.state === "pending" && <WaitingForCode code={code} />}
      {code?.state === "failed" && (
        <Alert variant="danger" isInline isLiveRegion title="No token was got.">
          <HostileText text={code.text ?? ""} />
        </Alert>
      )}
      {code?.state === "granted" && values.sealedToken !== "" && <Alert variant="success" isInline isLiveRegion title="A refresh token is there. Test the connection, then press Apply to keep it." />}
    </div>
  );
}
