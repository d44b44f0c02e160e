// Messages that a mailbox's server cannot give out: those that are tried again later, and those set aside. Live.
import { Alert, Button, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { call, client, type Schemas } from "../api/client";
import { useMay } from "../session";
import { formatBytes, formatCount, formatTime } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { Loading, Moment, Nothing, ProblemAlert } from "../ui/parts";
import { useAttempt } from "../ui/use_attempt";
import { useOfMailbox } from "./use_mailbox";

type Message = Schemas["StuckMessage"];

function StuckTable({ messages }: { messages: Message[] }) {
  return (
    <Table aria-label="Messages that cannot be fetched" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th>State</Th>
          <Th>UID</Th>
          <Th>Size</Th>
          <Th>Attempts</Th>
          <Th>Last tried</Th>
          <Th width={40}>Why</Th>
        </Tr>
      </Thead>
      <Tbody>
        {messages.map((message) => (
          <Tr key={message.mark}>
            <Td dataLabel="State">
              <Label isCompact color={message.set_aside ? "red" : "yellow"}>
                {message.set_aside ? "Set aside" : "Tried again"}
              </Label>
              {!message.set_aside && <div className="wp-faint">{message.next_at === undefined ? "at the next poll" : `from ${formatTime(message.next_at)} on`}</div>}
            </Td>
            <Td dataLabel="UID">
              <HostileText text={message.uid} placeholder="(none)" />
            </Td>
            <Td dataLabel="Size" className="wp-number">{formatBytes(message.octets)}</Td>
            <Td dataLabel="Attempts" className="wp-number">{formatCount(message.attempts)}</Td>
            <Td dataLabel="Last tried">
              <Moment at={message.last_at} />
            </Td>
            <Td dataLabel="Why">
              <HostileText text={message.reason} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export function MailboxSetAside({ sensorId, mailboxId }: { sensorId: string; mailboxId: string }) {
  const path = { sensor_id: sensorId, mailbox_id: mailboxId };
  const mayManage = useMay("manage_sensors");
  const { data, problem, isLoading, reload } = useOfMailbox(mailboxId, () =>
    call(client.GET("/sensors/{sensor_id}/mailboxes/{mailbox_id}/stuck-messages", { params: { path } })),
  );
  const asking = useAttempt(async () => {
    await call(client.POST("/sensors/{sensor_id}/mailboxes/{mailbox_id}/stuck-messages/try-again", { params: { path }, body: {} }));
    reload();
  });
  return (
    <div className="wp-stack">
      <ProblemAlert problem={problem} onRetry={reload} />
      <ProblemAlert problem={asking.problem} />
      {data === undefined && isLoading && <Loading what="the messages that fail" />}
      {data?.items.length === 0 && <Nothing title="Every message is given out">A message that the server cannot give out shows here; it never holds up the others.</Nothing>}
      {data !== undefined && data.items.length > 0 && (
        <>
          <Alert variant="info" isInline title="These messages are still on the mail server, and are not inspected.">
            After five failures over more than seven hours a message is set aside. Nothing is deleted. When the server is mended, try again.
          </Alert>
          {mayManage && (
            <Button variant="secondary" isDisabled={asking.isBusy} onClick={() => void asking.run()}>
              Try again
            </Button>
          )}
          <StuckTable messages={data.items} />
        </>
      )}
    </div>
  );
}
