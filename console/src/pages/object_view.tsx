// One object of a message: what it is, how it got there, what was found in it, and a preview that was
// made in the sandbox. Nothing of it is ever markup here.
import {
  Alert,
  Button,
  DescriptionList,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ToggleGroup,
  ToggleGroupItem,
} from "@patternfly/react-core";
import DownloadIcon from "@patternfly/react-icons/dist/esm/icons/download-icon";
import { useId, useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { saveBlob } from "../api/save_blob";
import { useLoaded } from "../api/use_loaded";
import { formatBytes, formatCount } from "../text/format";
import { fromBase64, hexRows } from "../text/hex";
import { HostileBlock, HostileText } from "../text/hostile_text";
import { VbaBlock } from "../text/vba_block";
import { Fact, ImportanceLabel, Loading, Nothing, ProblemAlert } from "../ui/parts";
import { useAttempt } from "../ui/use_attempt";
import { findingsOf, firstForm, isMacroSource, type ViewForm, wayOf } from "./object_facts";

type Part = Schemas["PartInfo"];
type View = Schemas["ObjectView"];

const formWords: Record<ViewForm, string> = { text: "Text", octets: "Hex", image: "Image" };
const hexPageOctets = 4096;

function Way({ part, parts }: { part: Part; parts: Part[] }) {
  return (
    <>
      {wayOf(part, parts).map((step, index) => (
        <span key={index}>
          {index > 0 && <span className="wp-faint"> › </span>}
          <HostileText text={step} placeholder="the message" />
        </span>
      ))}
      {part.reading !== "strict" && part.reading !== "" && (
        <span className="wp-faint">
          {" "}
          (only in the reading <HostileText text={part.reading} />)
        </span>
      )}
    </>
  );
}

function Facts({ alert, part, view }: { alert: Schemas["AlertDetail"]; part: Part; view: View | undefined }) {
  const mine = findingsOf(part, alert.findings);
  return (
    <DescriptionList isHorizontal isCompact>
      <Fact term="Way">
        <Way part={part} parts={alert.parts} />
      </Fact>
      <Fact term="Type">
        <HostileText text={part.type} placeholder="none" />
        {part.real_type !== undefined && part.real_type !== "" && part.real_type !== part.type && (
          <>
            , by content <HostileText text={part.real_type} />
          </>
        )}
      </Fact>
      <Fact term="Size">{formatBytes(part.size)}</Fact>
      <Fact term="SHA-256">
        <span className="wp-mono">{part.sha256}</span>
      </Fact>
      {view !== undefined && view.sha1 !== "" && (
        <Fact term="SHA-1">
          <span className="wp-mono">{view.sha1}</span>
        </Fact>
      )}
      {view !== undefined && view.md5 !== "" && (
        <Fact term="MD5">
          <span className="wp-mono">{view.md5}</span>
        </Fact>
      )}
      <Fact term="Found in it">
        {mine.length === 0 && <span className="wp-faint">nothing</span>}
        {mine.map((finding, index) => (
          <div key={index} className="wp-actions">
            <ImportanceLabel value={finding.importance} />
            <span>
              <HostileText text={finding.sentence} /> <span className="wp-faint">{finding.engine}, </span>
              <HostileText text={finding.rule} placeholder="–" />
            </span>
          </div>
        ))}
      </Fact>
    </DescriptionList>
  );
}

function HexPreview({ view }: { view: View }) {
  const [page, setPage] = useState(0);
  const octets = fromBase64(view.octets ?? "");
  const begin = page * hexPageOctets;
  const end = Math.min(octets.length, begin + hexPageOctets);
  return (
    <>
      <pre className="wp-block wp-hex" aria-label="Octets of the object" tabIndex={0}>
        {hexRows(octets, begin, hexPageOctets)
          .map((row) => `${row.offset}  ${row.digits}  ${row.text}`)
          .join("\n")}
      </pre>
      <div className="wp-actions">
        <Button variant="secondary" isDisabled={page === 0} onClick={() => setPage(page - 1)}>
          Previous
        </Button>
        <Button variant="secondary" isDisabled={end >= octets.length} onClick={() => setPage(page + 1)}>
          Next
        </Button>
        <span className="wp-faint">
          Octets {formatCount(begin)} to {formatCount(end - 1)} of {formatCount(view.size)}
          {view.was_cut && `; the first ${formatCount(octets.length)} are shown, the whole is in the download`}
        </span>
      </div>
    </>
  );
}

function ImagePreview({ view }: { view: View }) {
  return (
    <>
      <div className="wp-image">
        <img src={`data:image/png;base64,${view.png ?? ""}`} alt="The object as an image" width={view.width} height={view.height} />
      </div>
      <p className="wp-faint">
        Decoded in the sandbox and drawn anew, {view.width} by {view.height} pixels; of an animation the first picture.
        {view.was_cut && " The file is damaged: this is what came before the damage."}
      </p>
    </>
  );
}

function TextPreview({ part, view }: { part: Part; view: View }) {
  const text = view.text ?? "";
  return (
    <>
      {isMacroSource(part) ? <VbaBlock text={text} label="Source of the macro" /> : <HostileBlock text={text} label="Text of the object" />}
      <p className="wp-faint">
        {view.charset === undefined || view.charset === "" ? "The charset was guessed." : <>Charset, as declared: <HostileText text={view.charset} />.</>}
        {view.was_cut && " The first 256 KiB are shown; the whole is in the download."}
      </p>
    </>
  );
}

function Preview({ part, view }: { part: Part; view: View }) {
  if (view.fault !== "") {
    return (
      <Alert variant="info" isInline title={`There is no preview as ${formWords[view.as].toLowerCase()}.`}>
        <HostileText text={view.fault} />
      </Alert>
    );
  }
  if (view.size === 0) {
    return <Nothing title="The object is empty" />;
  }
  switch (view.as) {
    case "text":
      return <TextPreview part={part} view={view} />;
    case "octets":
      return <HexPreview view={view} />;
    case "image":
      return <ImagePreview view={view} />;
  }
}

function Download({ alert, part, onDone }: { alert: Schemas["AlertDetail"]; part: Part; onDone: () => void }) {
  const { problem, isBusy, run } = useAttempt(async () => {
    const zip = await call(
      client.GET("/alerts/{alert_id}/object/zip", {
        params: { path: { alert_id: alert.id }, query: { part: part.path, reading: part.reading } },
        parseAs: "blob",
      }),
    );
    saveBlob(zip as unknown as Blob, `watchpost-${alert.message_id}-${part.sha256.slice(0, 16)}.zip`);
    onDone();
  });
  return (
    <div className="wp-stack">
      <div className="wp-actions">
        <Button variant="secondary" icon={<DownloadIcon />} isDisabled={isBusy} isLoading={isBusy} onClick={() => void run()}>
          Download object
        </Button>
        <span className="wp-faint">
          In a zip encrypted with the password “infected”, at most 64 MiB. It may be dangerous: open it only where nothing can be
          harmed. The download goes into the history.
        </span>
      </div>
      <ProblemAlert problem={problem} />
    </div>
  );
}

export function ObjectDialog(properties: {
  alert: Schemas["AlertDetail"];
  part: Part;
  onDownloaded: () => void;
  onClose: () => void;
}) {
  const { alert, part, onDownloaded, onClose } = properties;
  const id = useId();
  const [form, setForm] = useState<ViewForm>(firstForm(part));
  const { data, problem, isLoading, reload } = useLoaded(`${part.reading} ${part.path} ${form}`, () =>
    call(
      client.GET("/alerts/{alert_id}/object", {
        params: { path: { alert_id: alert.id }, query: { part: part.path, reading: part.reading, as: form } },
      }),
    ),
  );
  const shown = data?.as === form ? data : undefined;
  return (
    <Modal isOpen onClose={onClose} variant="large" aria-labelledby={`${id}-title`} elementToFocus={`[id="${id}-close"]`}>
      <ModalHeader
        title={
          <span className="wp-clip">
            <HostileText text={part.filename} placeholder="Object without a name" />
          </span>
        }
        labelId={`${id}-title`}
      />
      <ModalBody>
        <div className="wp-stack">
          <Facts alert={alert} part={part} view={data} />
          <Download alert={alert} part={part} onDone={onDownloaded} />
          <ToggleGroup aria-label="Preview as">
            {(["text", "octets", "image"] as const).map((one) => (
              <ToggleGroupItem key={one} text={formWords[one]} isSelected={form === one} onChange={() => setForm(one)} />
            ))}
          </ToggleGroup>
          <ProblemAlert problem={problem} onRetry={reload} />
          {isLoading && shown === undefined && <Loading what="the preview" />}
          {shown && problem === undefined && <Preview key={form} part={part} view={shown} />}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button id={`${id}-close`} variant="primary" onClick={onClose}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  );
}
