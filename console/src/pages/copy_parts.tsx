// How a message came into its mailbox, where it was not simply sent there (docs/copies.md).
import { ExpandableSection, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { Schemas } from "../api/client";
import { HostileText } from "../text/hostile_text";
import { Fact } from "../ui/parts";
import type { CopyView } from "./message_view";

export const copyWords: Record<string, string> = {
  plain: "plain copy",
  journal_report: "journal report",
  redirect: "redirected copy",
  attached_message: "forward as attachment",
};

const fieldWords: Record<string, string> = { to: "To", cc: "Cc", bcc: "Bcc", envelope: "in the envelope" };

const recipientsShown = 200;

/** Beside the sender in the list: who sent what carried the message. */
export function CopyMark({ alert }: { alert: Schemas["Alert"] }) {
  if (alert.copy_form === undefined || alert.copy_form === "") {
    return null;
  }
  return (
    <div className="wp-faint wp-clip">
      <Label isCompact variant="outline">
        {copyWords[alert.copy_form] ?? alert.copy_form}
      </Label>{" "}
      from <HostileText text={alert.arrived_from ?? ""} placeholder="nobody" />
    </div>
  );
}

/** One entry among the facts of an alert. */
export function ArrivedFact({ copy }: { copy: CopyView | undefined }) {
  if (copy === undefined) {
    return null;
  }
  const isCarried = copy.form !== "plain";
  return (
    <Fact term="Arrived as">
      <div>
        {copyWords[copy.form] ?? copy.form}
        {isCarried && (
          <>
            {" from "}
            <HostileText text={copy.sender} placeholder="nobody" />
            {copy.recipients.length > 0 && (
              <>
                {" to "}
                <HostileText text={copy.recipients.slice(0, 3).join(", ")} />
                {copy.recipients.length > 3 && <span className="wp-faint"> and {copy.recipients.length - 3} more</span>}
              </>
            )}
          </>
        )}
      </div>
      <div className="wp-faint">
        {copy.setting === "auto" ? "recognised by itself" : "as the mailbox is set"}
        {copy.part !== "" && `; the message is part ${copy.part}`}
        {copy.otherParts.length > 0 && `; also attached: ${copy.otherParts.join(", ")}`}
      </div>
    </Fact>
  );
}

function KnownRecipients({ copy }: { copy: CopyView }) {
  return (
    <>
      <Table aria-label="Recipients that the copy names" variant="compact" borders={false}>
        <Thead>
          <Tr>
            <Th>Recipient</Th>
            <Th>Addressed</Th>
            <Th>Reached</Th>
          </Tr>
        </Thead>
        <Tbody>
          {copy.known.slice(0, recipientsShown).map((recipient, index) => (
            <Tr key={index}>
              <Td dataLabel="Recipient">
                <HostileText text={recipient.address} />
              </Td>
              <Td dataLabel="Addressed">{fieldWords[recipient.field] ?? recipient.field}</Td>
              <Td dataLabel="Reached">
                <HostileText text={recipient.origin} placeholder="directly" />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {copy.known.length > recipientsShown && <p className="wp-faint">and {copy.known.length - recipientsShown} more, in the API</p>}
      {copy.wasCut && <p>The report names more recipients than are kept.</p>}
    </>
  );
}

/** What the message was recognised by, and everything that the report says beyond it. */
export function CopyEvidence({ copy }: { copy: CopyView | undefined }) {
  if (copy === undefined || (copy.form === "plain" && copy.known.length === 0 && copy.deliveredTo.length === 0)) {
    return null;
  }
  return (
    <ExpandableSection toggleText="How the message arrived" isIndented>
      <div className="wp-stack">
        {copy.form !== "plain" && (
          <p>
            Subject of the carrier: <HostileText text={copy.subject} placeholder="none" />
          </p>
        )}
        {copy.reportedSender !== "" && (
          <p>
            Sender in the report: <HostileText text={copy.reportedSender} />
            {copy.onBehalfOf !== "" && (
              <>
                {" on behalf of "}
                <HostileText text={copy.onBehalfOf} />
              </>
            )}
          </p>
        )}
        {copy.evidence.length > 0 && <p>Recognised by:</p>}
        {copy.evidence.length > 0 && (
          <ul className="wp-list">
            {copy.evidence.map((sentence, index) => (
              <li key={index}>
                <HostileText text={sentence} />
              </li>
            ))}
          </ul>
        )}
        {copy.deliveredTo.map((field, index) => (
          <div key={index} className="wp-mono">
            <HostileText text={`${field.name}: ${field.value}`} />
          </div>
        ))}
        {copy.known.length > 0 && <KnownRecipients copy={copy} />}
        {copy.otherLines.length > 0 && (
          <>
            <p>Lines of the report that no report has:</p>
            {copy.otherLines.map((line, index) => (
              <div key={index} className="wp-mono">
                <HostileText text={line} />
              </div>
            ))}
          </>
        )}
      </div>
    </ExpandableSection>
  );
}
