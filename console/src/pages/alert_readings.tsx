// Where mail programs read a message differently: the strict reading and another, side by side.
import { Alert, ExpandableSection, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { formatBytes } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { type ReadingRow, toReadingRows } from "./reading_rows";

function Leaf({ part }: { part: Schemas["PartInfo"] | undefined }) {
  if (part === undefined) {
    return <span className="wp-faint">no such part</span>;
  }
  return (
    <div className="wp-actions">
      {part.filename !== "" && (
        <strong>
          <HostileText text={part.filename} />
        </strong>
      )}
      <HostileText text={part.type} placeholder="no type" />
      <span className="wp-faint">{formatBytes(part.size)}</span>
    </div>
  );
}

function isSame(row: ReadingRow): boolean {
  return row.strict === row.other;
}

function ReadingTable({ parts, reading }: { parts: Schemas["PartInfo"][]; reading: Schemas["Reading"] }) {
  return (
    <Table aria-label={`The reading ${reading.name}`} variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={15}>Part</Th>
          <Th>Strict reading</Th>
          <Th>This reading</Th>
        </Tr>
      </Thead>
      <Tbody>
        {toReadingRows(parts, reading).map((row) => (
          <Tr key={row.path} className={isSame(row) ? undefined : "wp-differs"}>
            <Td dataLabel="Part" className="wp-mono">
              <HostileText text={row.path} />
            </Td>
            <Td dataLabel="Strict reading">
              <Leaf part={row.strict} />
            </Td>
            <Td dataLabel="This reading">
              {isSame(row) ? <span className="wp-faint">the same</span> : <Leaf part={row.other} />}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function ReadingSection({
  parts,
  reading,
  isFirst,
}: {
  parts: Schemas["PartInfo"][];
  reading: Schemas["Reading"];
  isFirst: boolean;
}) {
  const [isOpen, setIsOpen] = useState(isFirst);
  const title = reading.explanation.length > 0 ? reading.explanation.join(" ") : reading.name;
  return (
    <ExpandableSection toggleText={title} isExpanded={isOpen} onToggle={(_event, open) => setIsOpen(open)}>
      {isOpen && (
        <div className="wp-stack">
          <p className="wp-faint">
            <span className="wp-mono">
              <HostileText text={reading.name} />
            </span>
            {reading.part !== "" && (
              <>
                {" "}
                of the message in <HostileText text={reading.part} />
              </>
            )}
          </p>
          <ReadingTable parts={parts} reading={reading} />
        </div>
      )}
    </ExpandableSection>
  );
}

export function ReadingsView({
  parts,
  readings,
}: {
  parts: Schemas["PartInfo"][];
  readings: Schemas["Reading"][];
}) {
  if (readings.length === 0) {
    return null;
  }
  return (
    <div className="wp-stack">
      <Title headingLevel="h3">Other readings ({readings.length})</Title>
      <Alert
        variant="info"
        isInline
        isPlain
        title="Mail programs do not agree on how to read this message. Every reading was inspected; what differs from the strict one is shown here."
      />
      {readings.map((reading, index) => (
        <ReadingSection key={index} parts={parts} reading={reading} isFirst={index === 0} />
      ))}
    </div>
  );
}
