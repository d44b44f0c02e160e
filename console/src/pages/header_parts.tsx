// The evidence of the header: how the sender looks, who vouches for it, the way of the message.
import { Label, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { formatTime } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { delayWords, senderSentence } from "./header_evidence";
import type { AuthenticationView, HopView, MessageView } from "./message_view";

export function SenderNotes({ notes }: { notes: MessageView["senderNotes"] }) {
  return notes.map((note) => (
    <div key={note.id} className="wp-faint">
      {senderSentence(note.id)} <HostileText text={note.detail} />
    </div>
  ));
}

function resultColor(result: string): "green" | "red" | "grey" {
  return result === "pass" ? "green" : result === "fail" || result === "permerror" ? "red" : "grey";
}

/** Anybody can write such a field: only what a trusted server says has a colour. */
function Results({ field }: { field: AuthenticationView }) {
  if (field.results.length === 0) {
    return <span className="wp-faint">nothing was checked</span>;
  }
  return field.results.map((result, index) => (
    <div key={index}>
      <Label isCompact color={field.isTrusted ? resultColor(result.result) : "grey"} variant={field.isTrusted ? "filled" : "outline"}>
        <HostileText text={`${result.method} ${result.result}`} />
      </Label>{" "}
      <span className="wp-faint">
        <HostileText
          text={[...result.properties.map(({ name, value }) => `${name}=${value}`), result.reason].filter((words) => words !== "").join(", ")}
        />
      </span>
    </div>
  ));
}

export function AuthenticationTable({ fields }: { fields: AuthenticationView[] }) {
  if (fields.length === 0) {
    return null;
  }
  return (
    <>
      <Title headingLevel="h3">What servers say of the sender</Title>
      <Table aria-label="Authentication results" variant="compact" className="wp-table">
        <Thead>
          <Tr>
            <Th width={30}>Server</Th>
            <Th>Results</Th>
          </Tr>
        </Thead>
        <Tbody>
          {fields.map((field, index) => (
            <Tr key={index}>
              <Td dataLabel="Server">
                <HostileText text={field.server} placeholder="does not tell its name" />
                <div className="wp-faint">{field.isTrusted ? "Trusted by the settings" : "Not trusted: anybody can write this"}</div>
              </Td>
              <Td dataLabel="Results">
                <Results field={field} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}

export function HopsTable({ hops }: { hops: HopView[] }) {
  if (hops.length === 0) {
    return null;
  }
  return (
    <>
      <Title headingLevel="h3">Way of the message, the newest first</Title>
      <Table aria-label="Way of the message" variant="compact" className="wp-table">
        <Thead>
          <Tr>
            <Th width={20}>When</Th>
            <Th width={15}>After</Th>
            <Th width={30}>From</Th>
            <Th width={25}>By</Th>
            <Th width={10}>With</Th>
          </Tr>
        </Thead>
        <Tbody>
          {hops.map((hop, index) => (
            <Tr key={index}>
              <Td dataLabel="When">{hop.time === "" ? <span className="wp-faint">cannot be read</span> : formatTime(hop.time)}</Td>
              <Td dataLabel="After">{delayWords(hop.delay)}</Td>
              <Td dataLabel="From">
                <HostileText text={hop.from} placeholder="not told" />
              </Td>
              <Td dataLabel="By">
                <HostileText text={hop.by} placeholder="not told" />
              </Td>
              <Td dataLabel="With">
                <HostileText text={hop.protocol} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}
