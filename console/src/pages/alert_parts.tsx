// The views of an alert. Everything that comes from the message is shown as text, links too.
import {
  Alert,
  Button,
  Card,
  CardBody,
  DescriptionList,
  ExpandableSection,
  Label,
  Title,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { formatBytes, formatTime } from "../text/format";
import { HostileBlock, HostileText } from "../text/hostile_text";
import { Fact, ImportanceLabel, Nothing } from "../ui/parts";
import { ArrivedFact } from "./copy_parts";
import { trustedResults } from "./header_evidence";
import { AuthenticationTable, HopsTable, SenderNotes } from "./header_parts";
import { HtmlDocuments, hiddenBy } from "./html_documents";
import { Links, QrCodes } from "./link_parts";
import type { MessageView } from "./message_view";
import { findingsOf } from "./object_facts";
import { ObjectDialog } from "./object_view";
import { type PartNode, toPartTree } from "./part_tree";
import { byReading } from "./reading_rows";

function Addresses({ of }: { of: string[] }) {
  return of.map((address, index) => (
    <div key={index}>
      <HostileText text={address} />
    </div>
  ));
}

export function OverviewFacts({ alert, view }: { alert: Schemas["AlertDetail"]; view: MessageView }) {
  const to = view.to.length + view.cc.length + view.bcc.length > 0 ? view.to : alert.recipients;
  return (
    <DescriptionList isCompact columnModifier={{ default: "2Col", xl: "3Col" }}>
      <Fact term="From">
        <HostileText text={view.from === "" ? alert.sender : view.from} placeholder="none" />
        <SenderNotes notes={view.senderNotes} />
      </Fact>
      <Fact term="To">{to.length === 0 ? <span className="wp-faint">none</span> : <Addresses of={to.slice(0, 10)} />}
        {to.length > 10 && <span className="wp-faint">and {to.length - 10} more, see the headers</span>}
      </Fact>
      {view.cc.length > 0 && (
        <Fact term="Cc">
          <Addresses of={view.cc.slice(0, 10)} />
        </Fact>
      )}
      {view.bcc.length > 0 && (
        <Fact term="Bcc">
          <Addresses of={view.bcc.slice(0, 10)} />
          {view.bcc.length > 10 && <span className="wp-faint">and {view.bcc.length - 10} more</span>}
        </Fact>
      )}
      {view.replyTo.length > 0 && (
        <Fact term="Reply to">
          <Addresses of={view.replyTo.slice(0, 10)} />
        </Fact>
      )}
      <Fact term="Sent, as the message says">{formatTime(view.date)}</Fact>
      <Fact term="Collected">
        {formatTime(alert.received_at)} from {alert.mailbox_name}
      </Fact>
      <ArrivedFact copy={view.copy} />
      {view.authentication.some((field) => field.isTrusted) && (
        <Fact term="Authentication">
          <HostileText text={trustedResults(view.authentication)} />
        </Fact>
      )}
      <Fact term="Message">
        <span className="wp-mono">{alert.message_id}</span>
      </Fact>
      {alert.sha256 !== undefined && (
        <Fact term="SHA-256">
          <span className="wp-mono">{alert.sha256}</span>
        </Fact>
      )}
    </DescriptionList>
  );
}

export function FindingsView({ findings }: { findings: Schemas["Finding"][] }) {
  if (findings.length === 0) {
    return <Nothing title="No findings" />;
  }
  return findings.map((finding, index) => (
    <Card key={index} isCompact className={`wp-finding wp-finding-${finding.importance}`}>
      <CardBody>
        <div className="wp-stack">
          <div className="wp-between">
            <strong>
              <HostileText text={finding.sentence} />
            </strong>
            <ImportanceLabel value={finding.importance} />
          </div>
          {finding.advice !== "" && <p>{finding.advice}</p>}
          <DescriptionList isHorizontal isCompact>
            <Fact term="Evidence">
              <HostileText text={finding.detail} placeholder="none" />
            </Fact>
            <Fact term="Part">
              <HostileText text={finding.part} placeholder="the whole message" />
              {finding.reading !== undefined && finding.reading !== "" && finding.reading !== "strict" && (
                <span className="wp-faint"> (reading: {finding.reading})</span>
              )}
            </Fact>
            <Fact term="Found by">
              {finding.engine}, rule <HostileText text={finding.rule} placeholder="–" />{" "}
              <span className="wp-faint wp-mono">{finding.id}</span>
            </Fact>
          </DescriptionList>
        </div>
      </CardBody>
    </Card>
  ));
}

export function NotInspectedView({ items }: { items: Schemas["NotInspected"][] }) {
  if (items.length === 0) {
    return null;
  }
  return (
    <Alert variant="warning" isInline title="What was not inspected">
      <Table aria-label="What was not inspected" variant="compact" borders={false}>
        <Thead>
          <Tr>
            <Th>Part</Th>
            <Th>Engine</Th>
            <Th>Reason</Th>
            <Th>Detail</Th>
          </Tr>
        </Thead>
        <Tbody>
          {items.map((item, index) => (
            <Tr key={index}>
              <Td dataLabel="Part">
                <HostileText text={item.part} placeholder="the whole message" />
              </Td>
              <Td dataLabel="Engine">{item.engine}</Td>
              <Td dataLabel="Reason">{item.reason.replaceAll("_", " ")}</Td>
              <Td dataLabel="Detail">
                <HostileText text={item.detail} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Alert>
  );
}

export function DefectsView({ defects }: { defects: Schemas["Defect"][] }) {
  if (defects.length === 0) {
    return null;
  }
  return (
    <ExpandableSection toggleText={`What the reader had to forgive (${defects.length})`}>
      <Table aria-label="Defects" variant="compact">
        <Thead>
          <Tr>
            <Th width={20}>Defect</Th>
            <Th width={15}>Part</Th>
            <Th width={10}>At byte</Th>
            <Th>Detail</Th>
          </Tr>
        </Thead>
        <Tbody>
          {defects.map((defect, index) => (
            <Tr key={index}>
              <Td dataLabel="Defect" className="wp-mono">
                {defect.id}
              </Td>
              <Td dataLabel="Part">
                <HostileText text={defect.part} placeholder="the message" />
              </Td>
              <Td dataLabel="At byte">{defect.offset}</Td>
              <Td dataLabel="Detail">
                {defect.explanation} <HostileText text={defect.detail} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </ExpandableSection>
  );
}

type OpenPart = (part: Schemas["PartInfo"]) => void;

/** `onOpen` is there where previews can be had. */
function Node({ node, findings, onOpen }: { node: PartNode; findings: Schemas["Finding"][]; onOpen: OpenPart | undefined }) {
  const { part, children } = node;
  const mine = findingsOf(part, findings);
  const differs = part.real_type !== undefined && part.real_type !== "" && part.real_type !== part.type;
  return (
    <li>
      <div className="wp-actions">
        <span className="wp-mono">
          <HostileText text={part.path} placeholder="message" />
        </span>
        {part.filename !== "" && (
          <strong>
            <HostileText text={part.filename} />
          </strong>
        )}
        <span>
          <HostileText text={part.type} placeholder="no type" />
          {differs && (
            <>
              {" "}
              – in truth <HostileText text={part.real_type ?? ""} />
            </>
          )}
        </span>
        <span className="wp-faint">{formatBytes(part.size)}</span>
        {mine.map((finding, index) => (
          <Label key={index} color="red" isCompact>
            {finding.rule}
          </Label>
        ))}
        {onOpen && (
          <Button variant="link" isInline onClick={() => onOpen(part)} aria-label={`Open object ${part.path}`}>
            Open
          </Button>
        )}
      </div>
      <div className="wp-faint wp-mono">SHA-256 {part.sha256}</div>
      {children.length > 0 && (
        <ul className="wp-tree">
          {children.map((child, index) => (
            <Node key={index} node={child} findings={findings} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function PartsView(properties: { alert: Schemas["AlertDetail"]; mayOpen: boolean; onDownloaded: () => void }) {
  const { alert, mayOpen, onDownloaded } = properties;
  const { parts, findings } = alert;
  const [opened, setOpened] = useState<Schemas["PartInfo"]>();
  const onOpen = mayOpen && alert.content_available ? setOpened : undefined;
  if (parts.length === 0) {
    return <Nothing title="No parts are known" />;
  }
  return (
    <div className="wp-stack">
      {byReading(parts).map(({ reading, parts: group }) => (
        <div key={reading}>
          {reading !== "strict" && (
            <Title headingLevel="h4">
              Only in the reading <HostileText text={reading} />
            </Title>
          )}
          <ul className="wp-tree" aria-label={`Tree of parts, reading ${reading}`}>
            {toPartTree(group).map((node, index) => (
              <Node key={index} node={node} findings={findings} onOpen={onOpen} />
            ))}
          </ul>
        </div>
      ))}
      {!alert.content_available && <p className="wp-faint">The message is not kept any more: its objects cannot be opened.</p>}
      {opened && <ObjectDialog alert={alert} part={opened} onDownloaded={onDownloaded} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

export function HeadersView({ view }: { view: MessageView }) {
  if (view.fields.length === 0) {
    return <Nothing title="The message has no header" />;
  }
  return (
    <div className="wp-stack">
      <AuthenticationTable fields={view.authentication} />
      <HopsTable hops={view.hops} />
      <Title headingLevel="h3">All fields</Title>
      <Fields fields={view.fields} />
    </div>
  );
}

function Fields({ fields }: { fields: MessageView["fields"] }) {
  return (
    <Table aria-label="Headers" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={20}>Field</Th>
          <Th>Value</Th>
        </Tr>
      </Thead>
      <Tbody>
        {fields.map((field, index) => (
          <Tr key={index}>
            <Td dataLabel="Field" className="wp-mono">
              <HostileText text={field.name} />
            </Td>
            <Td dataLabel="Value" className="wp-mono">
              <HostileText text={field.value} placeholder="empty" />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export function BodyView({ view }: { view: MessageView }) {
  const isEmpty = view.plain === "" && view.html === "" && view.hiddenHtml === "";
  return (
    <div className="wp-stack">
      {view.wasCut && <Alert variant="info" isInline isPlain title="The text was longer than the limit and is cut here." />}
      {isEmpty && <Nothing title="The message has no text" />}
      {view.plain !== "" && (
        <>
          <Title headingLevel="h3">Plain text</Title>
          <HostileBlock text={view.plain} label="Plain text of the message" />
        </>
      )}
      {view.html !== "" && (
        <>
          <Title headingLevel="h3">Text of the HTML, as a reader sees it</Title>
          <HostileBlock text={view.html} label="Text of the message's HTML" />
        </>
      )}
      {view.hiddenHtml !== "" && (
        <>
          <Title headingLevel="h3">Hidden in the HTML</Title>
          <p className="wp-faint">{hiddenBy(view.htmlDocuments)}</p>
          <HostileBlock text={view.hiddenHtml} label="Hidden text of the message's HTML" />
        </>
      )}
      <HtmlDocuments documents={view.htmlDocuments} />
      {view.qrCodes.length > 0 && (
        <>
          <Title headingLevel="h3">QR codes ({view.qrCodes.length})</Title>
          <QrCodes codes={view.qrCodes} />
        </>
      )}
      {view.links.length > 0 && (
        <>
          <Title headingLevel="h3">Links ({view.links.length}), as text</Title>
          <Links links={view.links.slice(0, 500)} />
          {view.links.length > 500 && <p className="wp-faint">The first 500 are shown.</p>}
        </>
      )}
    </div>
  );
}

const historyWords: Record<Schemas["HistoryEntry"]["action"], string> = {
  raised: "Raised",
  assigned: "Assigned",
  commented: "Commented",
  closed: "Closed",
  reopened: "Reopened",
  raw_downloaded: "Raw message downloaded",
  inspected_again: "Inspected again",
  object_downloaded: "Object downloaded",
};

export function HistoryView({ history }: { history: Schemas["HistoryEntry"][] }) {
  return (
    <Table aria-label="History" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={20}>When</Th>
          <Th width={20}>What</Th>
          <Th width={15}>Who</Th>
          <Th>Comment</Th>
        </Tr>
      </Thead>
      <Tbody>
        {history.map((entry, index) => (
          <Tr key={index}>
            <Td dataLabel="When">{formatTime(entry.at)}</Td>
            <Td dataLabel="What">
              {historyWords[entry.action]}
              {entry.assignee && `${entry.action === "assigned" ? "" : ", assigned"} to ${entry.assignee.name}`}
            </Td>
            <Td dataLabel="Who">{entry.user?.name ?? "Watchpost"}</Td>
            <Td dataLabel="Comment">
              <HostileText text={entry.comment ?? ""} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
