// Sensor servers: the Server list.
import { Alert, DescriptionList, Label, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { call, client, type Schemas } from "../api/client";
import { useEvent } from "../api/events";
import { useLoaded } from "../api/use_loaded";
import { Link } from "../router";
import { formatCount, formatFingerprint } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { Fact, Loading, Moment, Page, ProblemAlert } from "../ui/parts";

type Sensor = Schemas["Sensor"];

const types: Record<Sensor["type"], string> = { central_node: "Central Node", remote: "Remote" };
const pop3: Record<Sensor["pop3"], { word: string; color: "grey" | "green" | "yellow" | "red" }> = {
  off: { word: "Off", color: "grey" },
  ok: { word: "OK", color: "green" },
  warning: { word: "Warning", color: "yellow" },
  paused: { word: "Paused: no room", color: "red" },
  error: { word: "Error", color: "red" },
};
const states: Record<Sensor["state"], string> = {
  pending: "Pending",
  accepted: "Accepted",
  rejected: "Rejected",
  revoked: "Revoked",
  unreachable: "Unreachable",
};

function Pop3Label({ sensor }: { sensor: Sensor }) {
  return (
    <Label color={pop3[sensor.pop3].color} isCompact>
      {pop3[sensor.pop3].word}
    </Label>
  );
}

/** The beginning, for the table; the Sensor's page has the whole. */
function shortFingerprint(sensor: Sensor): string {
  const whole = formatFingerprint(sensor.certificate_fingerprint);
  return whole.length > 12 ? `${whole.slice(0, 11)}\u2026` : whole;
}

export function SensorFacts({ sensor }: { sensor: Sensor }) {
  return (
    <>
      <DescriptionList isCompact columnModifier={{ default: "3Col" }}>
        <Fact term="Type">{types[sensor.type]}</Fact>
        <Fact term="Version">{sensor.version}</Fact>
        <Fact term="Waiting to be inspected">{formatCount(sensor.backlog)}</Fact>
      </DescriptionList>
      {sensor.certificate_fingerprint !== "" && (
        <DescriptionList isCompact>
          <Fact term="Certificate fingerprint">
            <span className="wp-mono">{formatFingerprint(sensor.certificate_fingerprint)}</span>
          </Fact>
        </DescriptionList>
      )}
      {sensor.state !== "accepted" && <Alert variant="warning" isInline title={`This Sensor is ${states[sensor.state].toLowerCase()}.`} />}
    </>
  );
}

export function SensorsPage() {
  const { data, problem, isLoading, reload } = useLoaded("sensors", () => call(client.GET("/sensors")));
  useEvent("mailbox", reload);
  useEvent("resync", reload);
  return (
    <Page title="Sensor servers">
      <Title headingLevel="h2">Server list</Title>
      <ProblemAlert problem={problem} onRetry={reload} />
      {data === undefined && isLoading && <Loading what="the Server list" />}
      {data && (
        <Table aria-label="Server list" variant="compact" className="wp-table">
          <Thead>
            <Tr>
              <Th>IP/name</Th>
              <Th>Type</Th>
              <Th modifier="wrap">Certificate fingerprint</Th>
              <Th>POP3</Th>
              <Th>State</Th>
              <Th modifier="nowrap">Version</Th>
              <Th>Last poll</Th>
              <Th modifier="nowrap">Backlog</Th>
              <Th className="wp-wide">Last error</Th>
            </Tr>
          </Thead>
          <Tbody>
            {data.items.map((sensor) => (
              <Tr key={sensor.id}>
                <Td dataLabel="IP/name">
                  <Link to={`/sensors/${sensor.id}`}>{sensor.name}</Link>
                </Td>
                <Td dataLabel="Type">{types[sensor.type]}</Td>
                <Td dataLabel="Certificate fingerprint" className="wp-mono">
                  <span title={formatFingerprint(sensor.certificate_fingerprint)}>{shortFingerprint(sensor)}</span>
                </Td>
                <Td dataLabel="POP3">
                  <Pop3Label sensor={sensor} />
                </Td>
                <Td dataLabel="State">{states[sensor.state]}</Td>
                <Td dataLabel="Version">{sensor.version}</Td>
                <Td dataLabel="Last poll">
                  <Moment at={sensor.last_poll_at} />
                </Td>
                <Td dataLabel="Backlog">{formatCount(sensor.backlog)}</Td>
                <Td dataLabel="Last error">
                  <HostileText text={sensor.last_error ?? ""} placeholder="–" />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Page>
  );
}
