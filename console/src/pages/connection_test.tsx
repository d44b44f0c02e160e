// What Test connection brought, step by step.
import { Alert } from "@patternfly/react-core";
import { useEffect, useRef } from "react";
import CheckCircleIcon from "@patternfly/react-icons/dist/esm/icons/check-circle-icon";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import ExclamationTriangleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon";
import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import type { Schemas } from "../api/client";
import { formatBytes, formatCount } from "../text/format";
import { HostileText } from "../text/hostile_text";

type Step = Schemas["ConnectionTest"]["steps"][number];

const stepWords: Record<string, string> = {
  resolve: "Address",
  connect: "Connection",
  tls: "TLS",
  certificate: "Certificate",
  capabilities: "Capabilities",
  token: "Token",
  log_in: "Log in",
  list: "Messages",
};

function Mark({ outcome }: { outcome: Step["outcome"] }) {
  switch (outcome) {
    case "ok":
      return <CheckCircleIcon className="wp-ok" aria-label="ok" />;
    case "warning":
      return <ExclamationTriangleIcon className="wp-warning" aria-label="warning" />;
    case "failed":
      return <ExclamationCircleIcon className="wp-failed" aria-label="failed" />;
    case "skipped":
      return <MinusCircleIcon className="wp-faint" aria-label="not tried" />;
  }
}

export function ConnectionTestView({ test }: { test: Schemas["ConnectionTest"] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" }); // gives a promise in new browsers: no clean-up for React
  }, [test]);
  const title = test.ok ? "The connection works. Nothing was retrieved and nothing was saved." : "The connection does not work.";
  return (
    <div ref={place}>
      <Alert variant={test.ok ? "success" : "danger"} isInline isLiveRegion title={title}>
        <ol className="wp-steps" aria-label="Steps of the test">
          {test.steps.map((step, index) => (
            <li key={index} data-step={step.step} data-outcome={step.outcome}>
              <Mark outcome={step.outcome} />
              <strong>{stepWords[step.step] ?? step.step}</strong>
              <HostileText text={step.text} />
            </li>
          ))}
        </ol>
        {test.message_count !== undefined && (
          <p>
            {formatCount(test.message_count)} messages, {formatBytes(test.octets)}.
          </p>
        )}
      </Alert>
    </div>
  );
}
