// The links of a message with what stands in their wrappers. All of it is text: nothing leads anywhere.
import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { defang } from "../text/hostile";
import { HostileText } from "../text/hostile_text";
import type { LinkView, QrCodeView, UnwrappingStep } from "./message_view";

function Steps({ steps }: { steps: UnwrappingStep[] }) {
  const last = steps[steps.length - 1];
  if (last === undefined) {
    return null;
  }
  return (
    <>
      <ol className="wp-unwrapped" aria-label="What the link wraps">
        {steps.map((step, index) => (
          <li key={index}>
            <span className="wp-faint">{step.wrapper} leads to</span>
            <div className="wp-mono">
              <HostileText text={step.url} />
            </div>
          </li>
        ))}
      </ol>
      <div className="wp-target">
        <span className="wp-faint">Final target</span>{" "}
        <strong className="wp-mono">
          <HostileText text={defang(last.url)} />
        </strong>
      </div>
    </>
  );
}

export function Links({ links }: { links: LinkView[] }) {
  return (
    <Table aria-label="Links" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={50}>Leads to</Th>
          <Th width={25}>Shown as</Th>
          <Th width={10}>From</Th>
          <Th width={15}>Part</Th>
        </Tr>
      </Thead>
      <Tbody>
        {links.map((link, index) => (
          <Tr key={index}>
            <Td dataLabel="Leads to">
              <div className="wp-mono">
                <HostileText text={link.url} placeholder="nowhere" />
              </div>
              {link.written !== "" && (
                <div className="wp-faint">
                  written <HostileText text={link.written} />
                </div>
              )}
              <Steps steps={link.unwrapped} />
            </Td>
            <Td dataLabel="Shown as">
              <HostileText text={link.text} placeholder="nothing" />
              {link.mismatch !== "" && (
                <div>
                  <Label color="orange" isCompact>
                    Names another host
                  </Label>
                </div>
              )}
            </Td>
            <Td dataLabel="From">{link.source === "qr" ? "QR code" : link.source}</Td>
            <Td dataLabel="Part" className="wp-mono">
              <HostileText text={link.part} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

const drawings: Record<string, string> = {
  image: "an image",
  split_image: "two images beside each other",
  text: "characters of a text",
  table: "cells of a table",
};

export function QrCodes({ codes }: { codes: QrCodeView[] }) {
  return (
    <Table aria-label="QR codes" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={60}>Holds</Th>
          <Th width={25}>Drawn as</Th>
          <Th width={15}>Part</Th>
        </Tr>
      </Thead>
      <Tbody>
        {codes.map((code, index) => (
          <Tr key={index}>
            <Td dataLabel="Holds">
              <div className="wp-mono">
                <HostileText text={code.text} />
              </div>
            </Td>
            <Td dataLabel="Drawn as">{drawings[code.drawnAs] ?? code.drawnAs}</Td>
            <Td dataLabel="Part" className="wp-mono">
              <HostileText text={code.part} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
