// "Fetch again": messages that were collected before are fetched and inspected once more. Says what will happen, and how far it is.
import { Alert, AlertActionLink, Button, FormGroup, List, ListItem, Radio } from "@patternfly/react-core";
import { useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { useMay } from "../session";
import { formatCount, formatTime } from "../text/format";
import { ActionDialog } from "../ui/action_dialog";
import { TextField } from "../ui/fields";
import { ProblemAlert } from "../ui/parts";
import { useAttempt } from "../ui/use_attempt";

type Mailbox = Schemas["Mailbox"];

const lastMax = 10_000;
const path = "/sensors/{sensor_id}/mailboxes/{mailbox_id}/fetch-again";

function pathOf(sensorId: string, mailbox: Mailbox) {
  return { sensor_id: sensorId, mailbox_id: mailbox.id };
}

function messages(count: number): string {
  return count === 1 ? "1 message" : `${formatCount(count)} messages`;
}

/** How many it will be, as far as the last poll tells. */
function expectation(wanted: number | undefined, mailbox: Mailbox): string {
  const there = mailbox.status.left_on_server ?? 0;
  if (mailbox.status.last_success_at === undefined) {
    return "How many messages that is shows the next poll: none has gone to its end yet.";
  }
  if (there === 0) {
    return "At the last poll there was no message on the server: nothing can be fetched again.";
  }
  return `At the last poll there ${there === 1 ? "was" : "were"} ${messages(there)} on the server: ${messages(Math.min(wanted ?? there, there))} will be fetched again.`;
}

function Consequences({ mailbox }: { mailbox: Mailbox }) {
  const { settings } = mailbox;
  return (
    <List>
      <ListItem>Each is fetched, stored and inspected anew with the engines and rules of now. New mail comes first.</ListItem>
      <ListItem>A message that has an alert keeps that one alert, which is brought up to date. It is opened again only where more is found than before.</ListItem>
      <ListItem>A message that has none gets one if something is found in it.</ListItem>
      {settings.after_retrieval === "delete" && <ListItem>This mailbox deletes what is stored: each message is deleted from the server once it has come again.</ListItem>}
      {settings.first_poll === "new_only" && <ListItem>Mail from before the first poll stays unread, as the mailbox says.</ListItem>}
    </List>
  );
}

function FetchAgainDialog({ sensorId, mailbox, onClose }: { sensorId: string; mailbox: Mailbox; onClose: () => void }) {
  const [which, setWhich] = useState<"all" | "last">("last");
  const [typed, setTyped] = useState("100");
  const last = /^\d{1,5}$/.test(typed.trim()) ? Number(typed.trim()) : Number.NaN;
  const isWrong = which === "last" && !(last >= 1 && last <= lastMax);
  return (
    <ActionDialog
      title="Fetch messages again?"
      verb="Fetch again"
      isDisabled={isWrong}
      onClose={onClose}
      run={async () => {
        await call(client.POST(path, { params: { path: pathOf(sensorId, mailbox) }, body: which === "all" ? {} : { last } }));
      }}
    >
      <FormGroup role="radiogroup" label="Which messages" fieldId="fetch-again-which">
        <Radio id="fetch-again-last" name="fetch-again-which" label="The last of the server's list" isChecked={which === "last"} onChange={() => setWhich("last")} />
        <Radio id="fetch-again-all" name="fetch-again-which" label="All that are on the server" isChecked={which === "all"} onChange={() => setWhich("all")} />
      </FormGroup>
      {which === "last" && (
        <TextField id="fetch-again-count" label="How many" isShort inputMode="numeric" value={typed} error={isWrong ? "A number from 1 to 10,000." : undefined} onChange={setTyped} />
      )}
      <p role="status">{isWrong ? "" : expectation(which === "all" ? undefined : last, mailbox)}</p>
      <Consequences mailbox={mailbox} />
    </ActionDialog>
  );
}

export function FetchAgainButton({ sensorId, mailbox }: { sensorId: string; mailbox: Mailbox }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="secondary" size="sm" isDisabled={mailbox.status.state === "disabled"} onClick={() => setOpen(true)}>
        Fetch again
      </Button>
      {isOpen && <FetchAgainDialog sensorId={sensorId} mailbox={mailbox} onClose={() => setOpen(false)} />}
    </>
  );
}

/** What is under way; nothing where nothing is. */
export function FetchAgainProgress({ sensorId, mailbox }: { sensorId: string; mailbox: Mailbox }) {
  const mayManage = useMay("manage_sensors");
  const request = mailbox.status.fetch_again;
  const ending = useAttempt(async () => {
    await call(client.DELETE(path, { params: { path: pathOf(sensorId, mailbox) } }));
  });
  if (request === undefined) {
    return null;
  }
  const what = request.last === undefined ? "All messages on the server are" : request.last === 1 ? "The last message is" : `The last ${formatCount(request.last)} messages are`;
  return (
    <>
      <Alert
        variant="info"
        isInline
        title={`${what} fetched again.`}
        actionLinks={
          mayManage && (
            <AlertActionLink isDisabled={ending.isBusy} onClick={() => void ending.run()}>
              Fetch no more
            </AlertActionLink>
          )
        }
      >
        Asked for {formatTime(request.asked_at)}; {request.left === undefined ? "it begins with the next poll." : `${messages(request.left)} still to come.`}
      </Alert>
      <ProblemAlert problem={ending.problem} />
    </>
  );
}
