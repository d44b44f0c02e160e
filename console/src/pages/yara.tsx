// YARA rules: files of rules, compiled before they are accepted.
import { Alert, Button, Label, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState } from "react";
import { type ApiProblem, call, client, type Schemas } from "../api/client";
import { useLoaded } from "../api/use_loaded";
import { useMay } from "../session";
import { formatCount, formatTime } from "../text/format";
import { HostileBlock } from "../text/hostile_text";
import { ActionDialog } from "../ui/action_dialog";
import { ChoiceField, FileField, TextField } from "../ui/fields";
import { ImportanceLabel, Loading, Nothing, Page, ProblemAlert } from "../ui/parts";

type YaraFile = Schemas["YaraFile"];

/** The file's name as the API takes it. */
export function toRuleName(fileName: string): string {
  return fileName
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/-+\./g, ".")
    .slice(0, 100);
}

function UploadDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState("");
  const [isNameTyped, setNameTyped] = useState(false); // else it follows the file
  const [source, setSource] = useState("");
  const [importance, setImportance] = useState<Schemas["Importance"]>("high");
  const [problem, setProblem] = useState<ApiProblem>();
  const onProblem = (failure: ApiProblem | undefined) => {
    setProblem(failure);
    return failure !== undefined && Object.keys(failure.fields).length > 0;
  };
  const messages = problem?.fields.source;
  return (
    <ActionDialog
      title="Upload YARA rules"
      verb="Upload"
      isWide
      isDisabled={name === "" || source === ""}
      onClose={onClose}
      onProblem={onProblem}
      run={async () => {
        await call(client.POST("/yara-rules", { body: { name, source, importance } }));
        onDone();
      }}
    >
      <FileField
        id="rule-file"
        label="File"
        accept=".yar,.yara,.txt"
        isRequired
        hasValue={source !== ""}
        help="The rules are compiled before they are accepted, and take effect at once."
        onText={(text, fileName) => {
          setSource(text);
          setProblem(undefined);
          setName((before) => (isNameTyped ? before : toRuleName(fileName)));
        }}
        onClear={() => {
          setSource("");
          setProblem(undefined);
        }}
      />
      <TextField
        id="rule-name"
        label="Name"
        isRequired
        maxLength={100}
        value={name}
        error={problem?.fields.name}
        onChange={(text) => {
          setName(text);
          setNameTyped(text !== "");
        }}
      />
      <ChoiceField
        id="rule-importance"
        label="Importance"
        value={importance}
        choices={[
          { value: "high", label: "High" },
          { value: "medium", label: "Medium" },
          { value: "low", label: "Low" },
        ]}
        error={problem?.fields.importance}
        help="Of rules that state none themselves."
        onChange={setImportance}
      />
      {messages !== undefined && (
        <Alert variant="danger" isInline isLiveRegion title="The rules do not compile, and were not kept">
          <HostileBlock text={messages} label="The compiler's messages" />
        </Alert>
      )}
    </ActionDialog>
  );
}

function SourceDialog({ file, onClose }: { file: YaraFile; onClose: () => void }) {
  const { data, problem, isLoading, reload } = useLoaded(file.id, () =>
    call(client.GET("/yara-rules/{yara_id}", { params: { path: { yara_id: file.id } } })),
  );
  return (
    <Modal isOpen onClose={onClose} variant="medium" aria-labelledby="rule-source-title" elementToFocus="#rule-source-close">
      <ModalHeader title={file.name} labelId="rule-source-title" />
      <ModalBody>
        <ProblemAlert problem={problem} onRetry={reload} />
        {isLoading && data === undefined && <Loading what="the rules" />}
        {data && <HostileBlock text={data.source} label={`Source of ${file.name}`} />}
      </ModalBody>
      <ModalFooter>
        <Button id="rule-source-close" onClick={onClose}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function RuleTable({ files, mayManage, onShow, onDelete }: { files: YaraFile[]; mayManage: boolean; onShow: (file: YaraFile) => void; onDelete: (file: YaraFile) => void }) {
  return (
    <Table aria-label="YARA rules" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={30}>Name</Th>
          <Th>Rules</Th>
          <Th>Importance</Th>
          <Th>Added</Th>
          <Th>Added by</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        {files.map((file) => (
          <Tr key={file.id}>
            <Td dataLabel="Name">
              <Button variant="link" isInline onClick={() => onShow(file)}>
                {file.name}
              </Button>{" "}
              {file.builtin && (
                <Label isCompact variant="outline">
                  built in
                </Label>
              )}
            </Td>
            <Td dataLabel="Rules">{formatCount(file.rule_count)}</Td>
            <Td dataLabel="Importance">
              <ImportanceLabel value={file.importance} />
            </Td>
            <Td dataLabel="Added">{file.builtin ? "with Watchpost" : formatTime(file.created_at)}</Td>
            <Td dataLabel="Added by">{file.created_by?.name ?? "–"}</Td>
            <Td>
              {mayManage && !file.builtin && (
                <Button variant="link" isDanger isInline aria-label={`Delete ${file.name}`} onClick={() => onDelete(file)}>
                  Delete
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export function YaraPage() {
  const { data, problem, isLoading, reload } = useLoaded("yara", () => call(client.GET("/yara-rules")));
  const mayManage = useMay("manage_yara");
  const [isUploading, setUploading] = useState(false);
  const [shown, setShown] = useState<YaraFile>();
  const [doomed, setDoomed] = useState<YaraFile>();
  return (
    <Page title="YARA rules" actions={mayManage && <Button onClick={() => setUploading(true)}>Upload</Button>}>
      <ProblemAlert problem={problem} onRetry={reload} />
      {data === undefined && isLoading && <Loading what="the YARA rules" />}
      {data && data.items.length > 0 && <RuleTable files={data.items} mayManage={mayManage} onShow={setShown} onDelete={setDoomed} />}
      {data?.items.every(({ builtin }) => builtin) === true && (
        <Nothing title="No rules of your own">Uploaded rules are used beside the built-in ones.</Nothing>
      )}
      {isUploading && <UploadDialog onClose={() => setUploading(false)} onDone={reload} />}
      {shown && <SourceDialog file={shown} onClose={() => setShown(undefined)} />}
      {doomed && (
        <ActionDialog
          title={`Delete ${doomed.name}?`}
          verb="Delete"
          isDanger
          onClose={() => setDoomed(undefined)}
          run={async () => {
            await call(client.DELETE("/yara-rules/{yara_id}", { params: { path: { yara_id: doomed.id } } }));
            reload();
          }}
        >
          <p>Messages are no longer inspected with its rules. Alerts that it raised stay.</p>
        </ActionDialog>
      )}
    </Page>
  );
}
