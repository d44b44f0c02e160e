// The settings of one Sensor: its POP3 integration. With at most one mailbox the section is the form;
// with more it is a list.
import { Button, Label, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useEffect, useRef, useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { useEvent } from "../api/events";
import { useLoaded } from "../api/use_loaded";
import { Link, navigate, useAddress } from "../router";
import { useMay } from "../session";
import { HostileText } from "../text/hostile_text";
import { Loading, Moment, Page, ProblemAlert } from "../ui/parts";
import { MailboxStateLabel, MailboxStatusView } from "./mailbox_status";
import { MailboxTabs } from "./mailbox_tabs";
import { Pop3Form } from "./pop3_integration";
import { SensorFacts } from "./sensors";

type Mailbox = Schemas["Mailbox"];

function MailboxTable({ sensorId, mailboxes }: { sensorId: string; mailboxes: Mailbox[] }) {
  return (
    <Table aria-label="Mailboxes" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>Mail server</Th>
          <Th modifier="nowrap">User name</Th>
          <Th modifier="nowrap">Receive every</Th>
          <Th>Last poll</Th>
          <Th width={35}>Status</Th>
        </Tr>
      </Thead>
      <Tbody>
        {mailboxes.map((mailbox) => (
          <Tr key={mailbox.id}>
            <Td dataLabel="Name">
              <Link to={`/sensors/${sensorId}?mailbox=${mailbox.id}`}>{mailbox.settings.name}</Link>
            </Td>
            <Td dataLabel="Mail server">
              {mailbox.settings.server}:{mailbox.settings.port}
              {!mailbox.settings.use_tls && (
                <>
                  {" "}
                  <Label color="red" isCompact>
                    no TLS
                  </Label>
                </>
              )}
            </Td>
            <Td dataLabel="User name">{mailbox.settings.user}</Td>
            <Td dataLabel="Receive every">{mailbox.settings.receive_every_s} s</Td>
            <Td dataLabel="Last poll">
              <Moment at={mailbox.status.last_poll_at} />
            </Td>
            <Td dataLabel="Status">
              <MailboxStateLabel status={mailbox.status} />
              {mailbox.status.last_error !== undefined && mailbox.status.last_error !== "" && (
                <div>
                  <HostileText text={mailbox.status.last_error} />
                </div>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

interface IntegrationProperties {
  sensorId: string;
  mailboxes: Mailbox[];
  /** What the API answered to Apply: the form goes on as the saved mailbox's at once, not when the list was read anew. */
  put: (mailbox: Mailbox) => void;
  reload: () => void;
}

function Integration({ sensorId, mailboxes, put, reload }: IntegrationProperties) {
  const { query } = useAddress();
  const mayManage = useMay("manage_sensors");
  const [formTurn, setFormTurn] = useState(0);
  const wanted = query.get("mailbox");
  const isNew = wanted === "new" || mailboxes.length === 0;
  const shown = isNew ? undefined : mailboxes.length === 1 && wanted === null ? mailboxes[0] : mailboxes.find(({ id }) => id === wanted);
  const isList = !isNew && shown === undefined;
  const appliedId = useRef<string>(undefined); // the form of a mailbox that was just added says so as well
  useEffect(() => {
    appliedId.current = undefined;
  }, [shown?.id]);
  const showList = () => navigate(`/sensors/${sensorId}`);
  const add = mayManage && !isNew && (
    <Button variant="secondary" onClick={() => navigate(`/sensors/${sensorId}?mailbox=new`)}>
      Add mailbox
    </Button>
  );
  const form = (
    <Pop3Form
      key={`${shown?.id ?? "new"} ${formTurn}`}
      sensorId={sensorId}
      mailbox={shown}
      wasJustApplied={shown !== undefined && shown.id === appliedId.current}
      onApplied={(mailbox) => {
        appliedId.current = mailbox.id;
        put(mailbox);
        reload();
        if (isNew) {
          navigate(mailboxes.length === 0 ? `/sensors/${sensorId}` : `/sensors/${sensorId}?mailbox=${mailbox.id}`, "replace");
        }
      }}
      onRemoved={() => {
        setFormTurn((turn) => turn + 1);
        reload();
        showList();
      }}
    />
  );
  return (
    <section aria-labelledby="pop3-integration" className="wp-stack">
      <div className="wp-between">
        <Title headingLevel="h2" id="pop3-integration">
          POP3 integration
        </Title>
        {add}
      </div>
      {!isList && mailboxes.length > 0 && wanted !== null && <Link to={`/sensors/${sensorId}`}>All mailboxes of this Sensor</Link>}
      {isList ? (
        <MailboxTable sensorId={sensorId} mailboxes={mailboxes} />
      ) : (
        <>
          {shown && <MailboxStatusView sensorId={sensorId} mailbox={shown} />}
          {shown ? <MailboxTabs key={shown.id} sensorId={sensorId} mailbox={shown} form={form} /> : form}
        </>
      )}
    </section>
  );
}

export function SensorPage({ id }: { id: string }) {
  const path = { sensor_id: id };
  const sensor = useLoaded(id, () => call(client.GET("/sensors/{sensor_id}", { params: { path } })));
  const mailboxes = useLoaded(id, () => call(client.GET("/sensors/{sensor_id}/mailboxes", { params: { path } })));
  useEvent("mailbox", (changed) =>
    mailboxes.set((list) => ({
      ...list,
      items: list.items.map((mailbox) => (mailbox.id === changed.id ? { ...mailbox, status: changed.status } : mailbox)),
    })),
  );
  useEvent("resync", () => {
    sensor.reload();
    mailboxes.reload();
  });
  const put = (applied: Mailbox) =>
    mailboxes.set((list) => {
      const isThere = list.items.some((one) => one.id === applied.id);
      return { ...list, items: isThere ? list.items.map((one) => (one.id === applied.id ? applied : one)) : [...list.items, applied] };
    });
  return (
    <Page title={sensor.data?.name ?? "Sensor"}>
      <Link to="/sensors">Server list</Link>
      <ProblemAlert problem={sensor.problem ?? mailboxes.problem} onRetry={() => { sensor.reload(); mailboxes.reload(); }} />
      {sensor.data && <SensorFacts sensor={sensor.data} />}
      {mailboxes.data && <Integration sensorId={id} mailboxes={mailboxes.data.items} put={put} reload={mailboxes.reload} />}
      {mailboxes.isLoading && mailboxes.data === undefined && <Loading what="the POP3 integration" />}
    </Page>
  );
}
