// System status: what runs, what waits, what an operator should know. Live.
import { Alert, Card, CardBody, CardTitle, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { call, client, type Schemas } from "../api/client";
import { useEvent } from "../api/events";
import { useLoaded } from "../api/use_loaded";
import { formatBytes, formatCount, formatTime } from "../text/format";
import { Loading, Page, ProblemAlert } from "../ui/parts";

type Status = Schemas["Status"];

const processColors = { running: "green", starting: "blue", restarting: "orange", stopped: "red" } as const;
const processWords = { running: "Running", starting: "Starting", restarting: "Restarting", stopped: "Stopped" } as const;
const engineColors = { on: "green", off: "grey", down: "red" } as const;
const engineWords = { on: "On", off: "Off", down: "Down" } as const;

function Warnings({ warnings }: { warnings: string[] }) {
  return warnings.length === 0 ? (
    <Alert variant="success" isInline isPlain title="Nothing to warn of." />
  ) : (
    warnings.map((warning, index) => <Alert key={index} variant="warning" isInline title={warning} />)
  );
}

function Queue({ status }: { status: Status }) {
  const { queue, disk, spool } = status;
  const free = disk?.free_bytes;
  const total = disk?.total_bytes;
  return (
    <div className="wp-cards">
      <Card isCompact>
        <CardTitle component="h2">Queue</CardTitle>
        <CardBody>
          <p>
            <strong>{formatCount(queue.backlog)}</strong> messages wait to be inspected
          </p>
          <p>{formatCount(queue.awaiting_reinspection ?? 0)} wait for an engine that is down</p>
          {spool !== undefined && (
            <>
              <p>
                <strong>{formatBytes(spool.bytes)}</strong> in the spool{spool.bytes_max !== undefined && ` of at most ${formatBytes(spool.bytes_max)}`}
                {spool.paused && (
                  <Label color="red" isCompact>
                    Collecting pauses
                  </Label>
                )}
              </p>
              {spool.bytes_max !== undefined && (
                <meter
                  className="wp-bar"
                  min={0}
                  max={spool.bytes_max}
                  low={spool.bytes_max * 0.7}
                  high={spool.bytes_max * 0.9}
                  optimum={0}
                  value={Math.min(spool.bytes, spool.bytes_max)}
                  aria-label="Spool used"
                />
              )}
            </>
          )}
          {queue.oldest_at !== undefined && <p className="wp-faint">The oldest is of {formatTime(queue.oldest_at)}</p>}
        </CardBody>
      </Card>
      <Card isCompact>
        <CardTitle component="h2">Disk</CardTitle>
        <CardBody>
          {free !== undefined && total !== undefined && total > 0 ? (
            <>
              <p>
                <strong>{formatBytes(free)}</strong> free of {formatBytes(total)}
              </p>
              <meter className="wp-bar" min={0} max={total} low={total * 0.8} high={total * 0.9} optimum={0} value={total - free} aria-label="Disk used" />
            </>
          ) : (
            <p className="wp-faint">Not known</p>
          )}
        </CardBody>
      </Card>
      <Card isCompact>
        <CardTitle component="h2">Watchpost</CardTitle>
        <CardBody>
          <p>
            Version <strong>{status.version}</strong>
          </p>
          {status.started_at !== undefined && <p className="wp-faint">Since {formatTime(status.started_at)}</p>}
        </CardBody>
      </Card>
    </div>
  );
}

function Processes({ items }: { items: Status["processes"] }) {
  return (
    <Card isCompact>
      <CardTitle component="h2">Processes</CardTitle>
      <CardBody>
        <Table aria-label="Processes" variant="compact">
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>State</Th>
              <Th>Process id</Th>
              <Th>Since</Th>
              <Th>Restarts</Th>
              <Th>Last end</Th>
            </Tr>
          </Thead>
          <Tbody>
            {items.map((process, index) => (
              <Tr key={`${process.name} ${index}`}>
                <Td dataLabel="Name">{process.name}</Td>
                <Td dataLabel="State">
                  <Label isCompact color={processColors[process.state]}>
                    {processWords[process.state]}
                  </Label>
                </Td>
                <Td dataLabel="Process id">{process.pid ?? "–"}</Td>
                <Td dataLabel="Since">{formatTime(process.since)}</Td>
                <Td dataLabel="Restarts">{formatCount(process.restarts)}</Td>
                <Td dataLabel="Last end">{process.last_exit ?? "–"}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </CardBody>
    </Card>
  );
}

function Engines({ items }: { items: Status["engines"] }) {
  return (
    <Card isCompact>
      <CardTitle component="h2">Engines</CardTitle>
      <CardBody>
        <Table aria-label="Engines" variant="compact">
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>State</Th>
              <Th>Version</Th>
              <Th width={50}>Last error</Th>
            </Tr>
          </Thead>
          <Tbody>
            {items.map((engine) => (
              <Tr key={engine.name}>
                <Td dataLabel="Name">{engine.name}</Td>
                <Td dataLabel="State">
                  <Label isCompact color={engineColors[engine.state]}>
                    {engineWords[engine.state]}
                  </Label>
                </Td>
                <Td dataLabel="Version">{engine.version ?? "–"}</Td>
                <Td dataLabel="Last error">{engine.last_error ?? "–"}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </CardBody>
    </Card>
  );
}

export function StatusPage() {
  const { data, problem, isLoading, reload, set } = useLoaded("status", () => call(client.GET("/status")));
  useEvent("status", (status) => set(() => status));
  useEvent("resync", reload);
  return (
    <Page title="System status">
      <ProblemAlert problem={problem} onRetry={reload} />
      {data === undefined && isLoading && <Loading what="the status" />}
      {data && (
        <>
          <Warnings warnings={data.warnings} />
          <Queue status={data} />
          <Engines items={data.engines} />
          <Processes items={data.processes} />
        </>
      )}
    </Page>
  );
}
