// The live status of a mailbox, Poll now and Fetch again.
import { Alert, Button, Card, CardBody, DescriptionList, Label } from "@patternfly/react-core";
import { call, client, type Schemas } from "../api/client";
import { useMay } from "../session";
import { formatBytes, formatCount, formatFingerprint, formatTime } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { Fact, ProblemAlert } from "../ui/parts";
import { useAttempt } from "../ui/use_attempt";
import { FetchAgainButton, FetchAgainProgress } from "./mailbox_fetch_again";

type Status = Schemas["MailboxStatus"];

const states: Record<Status["state"], { word: string; color: "grey" | "blue" | "teal" | "green" | "yellow" | "red" }> = {
  disabled: { word: "Disabled", color: "grey" },
  waiting: { word: "Waiting for its first poll", color: "blue" },
  polling: { word: "Polling", color: "teal" },
  paused: { word: "Paused: no room", color: "red" },
  ok: { word: "OK", color: "green" },
  warning: { word: "Warning", color: "yellow" },
  error: { word: "Error", color: "red" },
};

export function MailboxStateLabel({ status }: { status: Status }) {
  return (
    <Label color={states[status.state].color} isCompact>
      {states[status.state].word}
    </Label>
  );
}

function PollNow({ sensorId, mailbox }: { sensorId: string; mailbox: Schemas["Mailbox"] }) {
  const { problem, isBusy, run } = useAttempt(async () => {
    await call(client.POST("/sensors/{sensor_id}/mailboxes/{mailbox_id}/poll", { params: { path: { sensor_id: sensorId, mailbox_id: mailbox.id } } }));
  });
  return (
    <>
      <Button variant="secondary" size="sm" isDisabled={isBusy || mailbox.status.state === "disabled"} onClick={() => void run()}>
        Poll now
      </Button>
      <ProblemAlert problem={problem} />
    </>
  );
}

export function MailboxStatusView({ sensorId, mailbox }: { sensorId: string; mailbox: Schemas["Mailbox"] }) {
  const { status } = mailbox;
  const mayManage = useMay("manage_sensors");
  return (
    <Card isCompact aria-label="Status">
      <CardBody>
        <div className="wp-stack">
          <div className="wp-between">
            <span className="wp-actions" role="status">
              <strong>Status</strong> <MailboxStateLabel status={status} />
            </span>
            {mayManage && (
              <span className="wp-actions">
                <PollNow sensorId={sensorId} mailbox={mailbox} />
                <FetchAgainButton sensorId={sensorId} mailbox={mailbox} />
              </span>
            )}
          </div>
          <FetchAgainProgress sensorId={sensorId} mailbox={mailbox} />
          {status.last_error !== undefined && status.last_error !== "" && (
            <Alert variant={status.state === "error" || status.state === "paused" ? "danger" : "warning"} isInline title="What went wrong last">
              <HostileText text={status.last_error} />
            </Alert>
          )}
          <DescriptionList isCompact columnModifier={{ default: "3Col" }}>
            <Fact term="Last poll">{formatTime(status.last_poll_at)}</Fact>
            <Fact term="Last successful poll">{formatTime(status.last_success_at)}</Fact>
            <Fact term="Next poll">{formatTime(status.next_poll_at)}</Fact>
            <Fact term="Messages collected">
              {formatCount(status.messages_total)} ({formatBytes(status.octets_total)}), {formatCount(status.messages_last_poll)} at the last poll
            </Fact>
            <Fact term="Left on the server">{formatCount(status.left_on_server)}</Fact>
            <Fact term="TLS">{status.tls ?? "–"}</Fact>
          </DescriptionList>
          {status.certificate_fingerprint !== undefined && status.certificate_fingerprint !== "" && (
            <DescriptionList isCompact>
              <Fact term="Certificate fingerprint">
                <span className="wp-mono">{formatFingerprint(status.certificate_fingerprint)}</span>
              </Fact>
            </DescriptionList>
          )}
        </div>
      </CardBody>
    </Card>
  );
}
