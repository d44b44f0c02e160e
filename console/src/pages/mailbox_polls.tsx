// The last polls of a mailbox: a small chart, and a table whose rows open to their steps. Live.
import { Alert, Button, Label } from "@patternfly/react-core";
import { ExpandableRowContent, Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { formatBytes, formatCount, formatDuration } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { Loading, Moment, Nothing, ProblemAlert } from "../ui/parts";
import { chartPoints, type ChartPoint, describeChart, formatRate, scale } from "./poll_chart";
import { useOfMailbox } from "./use_mailbox";

type Poll = Schemas["PollRecord"];

const rowsMin = 10;
const width = 600;
const height = 56;

const resultColors = { ok: "green", warning: "yellow", failed: "red" } as const;
const resultWords = { ok: "OK", warning: "Warning", failed: "Failed" } as const;

const stepWords: Record<string, string> = {
  resolve: "Name",
  connect: "Connection",
  tls: "TLS",
  greeting: "Greeting",
  capabilities: "Capabilities",
  "log in": "Log in",
  list: "List",
  "fetch token": "Fetch token",
  retrieve: "Retrieve",
  delete: "Delete",
  quit: "End of the session",
};

function Panel({ title, values, marks, kind }: { title: string; values: number[]; marks?: boolean[]; kind: "bars" | "line" }) {
  const places = scale(values);
  const step = width / Math.max(values.length, 1);
  const x = (place: { x: number }) => step / 2 + place.x * (width - step);
  const y = (place: { y: number }) => height - place.y * (height - 2);
  return (
    <figure className="wp-chart-panel">
      <figcaption>
        {title} <span className="wp-faint">(at most {formatRate(Math.max(...values, 0))})</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height + 6}`} preserveAspectRatio="none" aria-hidden="true">
        <line className="wp-chart-axis" x1="0" y1={height} x2={width} y2={height} />
        {kind === "bars" &&
          places.map((place, index) => (
            <rect key={index} className="wp-chart-bar" x={x(place) - step * 0.35} width={step * 0.7} y={y(place)} height={height - y(place)} />
          ))}
        {kind === "line" && <polyline className="wp-chart-line" points={places.map((place) => `${x(place)},${y(place)}`).join(" ")} />}
        {marks?.map((isMarked, index) =>
          isMarked ? <rect key={`mark ${index}`} className="wp-chart-mark" x={x(places[index] ?? { x: 0 }) - step * 0.35} width={step * 0.7} y={height + 1} height="5" /> : null,
        )}
      </svg>
    </figure>
  );
}

function PollChart({ points }: { points: ChartPoint[] }) {
  return (
    <div role="img" aria-label={describeChart(points)} className="wp-chart">
      <Panel kind="bars" title="Messages a minute" values={points.map((point) => point.perMinute)} marks={points.map((point) => point.hasFailed)} />
      <Panel kind="line" title="Waiting at the server" values={points.map((point) => point.backlog)} />
    </div>
  );
}

function Steps({ poll }: { poll: Poll }) {
  const longest = Math.max(...poll.steps.map((step) => step.duration_ms), 1);
  return (
    <div className="wp-stack">
      {poll.error !== undefined && (
        <Alert variant="danger" isInline isPlain title={<HostileText text={poll.error} />} />
      )}
      {poll.notes?.map((note, index) => <Alert key={index} variant="warning" isInline isPlain title={<HostileText text={note} />} />)}
      <ol className="wp-poll-steps" aria-label="Steps of the poll">
        {poll.steps.map((step) => (
          <li key={step.step} data-step={step.step} data-outcome={step.outcome}>
            <span>{stepWords[step.step] ?? step.step}</span>
            <span className="wp-number">{formatDuration(step.duration_ms)}</span>
            <meter min={0} max={longest} value={step.duration_ms} aria-hidden="true" />
            {step.outcome === "failed" && (
              <Label color="red" isCompact>
                failed
              </Label>
            )}
          </li>
        ))}
      </ol>
      <p className="wp-faint">
        {poll.address !== undefined && `Served by ${poll.address}. `}
        {poll.links > 1 && `${poll.links} connections were made. `}
        {formatCount(poll.known)} known before, {formatCount(poll.refused)} refused by the server, {formatCount(poll.deleted)} deleted there
        {poll.set_aside > 0 && `, ${formatCount(poll.set_aside)} set aside`}.
      </p>
    </div>
  );
}

function PollRow({ poll, index }: { poll: Poll; index: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Tbody isExpanded={isOpen}>
      <Tr data-poll={poll.number}>
        <Td expand={{ rowIndex: index, isExpanded: isOpen, onToggle: () => setOpen(!isOpen), expandId: `poll-${poll.number}-` }} />
        <Td dataLabel="Began">
          <Moment at={poll.began_at} />
        </Td>
        <Td dataLabel="Took" className="wp-number">
          {formatDuration(poll.duration_ms)}
        </Td>
        <Td dataLabel="Result">
          <Label isCompact color={resultColors[poll.result]}>
            {resultWords[poll.result]}
          </Label>
        </Td>
        <Td dataLabel="Listed" className="wp-number">{formatCount(poll.listed)}</Td>
        <Td dataLabel="Collected" className="wp-number">
          {formatCount(poll.collected)}
          {poll.collected > 0 && ` (${formatBytes(poll.octets)})`}
          {poll.fetched_again > 0 && <div className="wp-faint">{formatCount(poll.fetched_again)} fetched again</div>}
        </Td>
        <Td dataLabel="Waiting" className="wp-number">{formatCount(poll.left)}</Td>
        <Td dataLabel="What went wrong">
          <span className="wp-clip">
            <HostileText text={poll.error ?? poll.notes?.[0] ?? ""} />
          </span>
        </Td>
      </Tr>
      {isOpen && (
        <Tr isExpanded>
          <Td />
          <Td colSpan={7}>
            <ExpandableRowContent>
              <Steps poll={poll} />
            </ExpandableRowContent>
          </Td>
        </Tr>
      )}
    </Tbody>
  );
}

function PollTable({ polls }: { polls: Poll[] }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? polls : polls.slice(0, rowsMin);
  return (
    <>
      <Table aria-label="Polls" variant="compact" className="wp-table">
        <Thead>
          <Tr>
            <Th screenReaderText="Steps" />
            <Th>Began</Th>
            <Th>Took</Th>
            <Th>Result</Th>
            <Th>Listed</Th>
            <Th modifier="nowrap">Collected</Th>
            <Th>Waiting</Th>
            <Th width={40}>What went wrong</Th>
          </Tr>
        </Thead>
        {shown.map((poll, index) => (
          <PollRow key={poll.number} poll={poll} index={index} />
        ))}
      </Table>
      {polls.length > rowsMin && (
        <Button variant="link" isInline onClick={() => setAll(!isAll)}>
          {isAll ? "Show fewer" : `Show all ${polls.length}`}
        </Button>
      )}
    </>
  );
}

export function MailboxPolls({ sensorId, mailboxId }: { sensorId: string; mailboxId: string }) {
  const path = { sensor_id: sensorId, mailbox_id: mailboxId };
  const { data, problem, isLoading, reload } = useOfMailbox(mailboxId, () =>
    call(client.GET("/sensors/{sensor_id}/mailboxes/{mailbox_id}/polls", { params: { path } })),
  );
  return (
    <div className="wp-stack">
      <ProblemAlert problem={problem} onRetry={reload} />
      {data === undefined && isLoading && <Loading what="the polls" />}
      {data !== undefined && data.damaged > 0 && (
        <Alert variant="warning" isInline title={`The records of ${formatCount(data.damaged)} polls are damaged and left out. Look after the disk of the spool.`} />
      )}
      {data?.items.length === 0 && <Nothing title="No poll yet">The first one shows here as soon as it has ended.</Nothing>}
      {data !== undefined && data.items.length > 0 && (
        <>
          <PollChart points={chartPoints(data.items)} />
          <PollTable polls={data.items} />
        </>
      )}
    </div>
  );
}
