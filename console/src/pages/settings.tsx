// Settings of the Central Node: separate duties, and the certificate of this console.
import { Button, Card, CardBody, CardTitle, DescriptionList, Label, Switch } from "@patternfly/react-core";
import { useState } from "react";
import { type ApiProblem, attempt, call, client, type Schemas } from "../api/client";
import { useLoaded } from "../api/use_loaded";
import { useMay } from "../session";
import { formatFingerprint, formatTime } from "../text/format";
import { ActionDialog } from "../ui/action_dialog";
import { FileField } from "../ui/fields";
import { Fact, Loading, Page, ProblemAlert } from "../ui/parts";

function SeparateDuties() {
  const { data, problem, isLoading, reload, set } = useLoaded("settings", () => call(client.GET("/settings")));
  const [refused, setRefused] = useState<ApiProblem>();
  const mayManage = useMay("manage_settings");
  const apply = async (separate_duties: boolean) => {
    setRefused(undefined);
    const refusal = await attempt(async () => {
      const applied = await call(client.PUT("/settings", { body: { separate_duties } }));
      set(() => applied);
    });
    setRefused(refusal);
  };
  return (
    <Card>
      <CardTitle component="h2">Separate duties</CardTitle>
      <CardBody>
        <div className="wp-stack">
          <p>Nobody is Administrator and Senior security officer at once: who sets up the system does not decide on alerts.</p>
          <ProblemAlert problem={problem} onRetry={reload} />
          <ProblemAlert problem={refused} />
          {isLoading && data === undefined && <Loading what="the settings" />}
          {data && (
            <Switch
              id="separate-duties"
              label={data.separate_duties ? "Separate duties: on" : "Separate duties: off"}
              isChecked={data.separate_duties}
              isDisabled={!mayManage}
              onChange={(_event, value) => void apply(value)}
            />
          )}
        </div>
      </CardBody>
    </Card>
  );
}

function UploadDialog({ onClose, onDone }: { onClose: () => void; onDone: (certificate: Schemas["TlsCertificate"]) => void }) {
  const [certificate, setCertificate] = useState("");
  const [key, setKey] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  return (
    <ActionDialog
      title="Upload a certificate"
      verb="Use it"
      isDisabled={certificate === "" || key === ""}
      onClose={onClose}
      onProblem={(problem) => {
        setErrors(problem?.fields ?? {});
        return problem !== undefined && Object.keys(problem.fields).length > 0;
      }}
      run={async () => {
        onDone(await call(client.PUT("/tls-certificate", { body: { certificate_pem: certificate, key_pem: key } })));
      }}
    >
      <FileField id="certificate-file" label="Certificate" accept=".pem,.crt,.cer" isRequired hasValue={certificate !== ""} error={errors.certificate_pem} help="PEM: the server's certificate first, then the chain." onText={setCertificate} onClear={() => setCertificate("")} />
      <FileField id="key-file" label="Private key" accept=".pem,.key" isRequired hasValue={key !== ""} error={errors.key_pem} help="PEM, without a passphrase. It is never shown again." onText={setKey} onClear={() => setKey("")} />
    </ActionDialog>
  );
}

function ConsoleCertificate() {
  const { data, problem, isLoading, reload, set } = useLoaded("certificate", () => call(client.GET("/tls-certificate")));
  const [isUploading, setUploading] = useState(false);
  const mayManage = useMay("manage_settings");
  return (
    <Card>
      <CardTitle component="h2">TLS certificate of this console</CardTitle>
      <CardBody>
        <div className="wp-stack">
          <ProblemAlert problem={problem} onRetry={reload} />
          {isLoading && data === undefined && <Loading what="the certificate" />}
          {data && (
            <DescriptionList isHorizontal isCompact>
              <Fact term="Subject">
                {data.subject}{" "}
                {data.self_made && (
                  <Label isCompact color="yellow" variant="outline">
                    self-made
                  </Label>
                )}
              </Fact>
              <Fact term="Issuer">{data.issuer}</Fact>
              <Fact term="Names">{(data.names ?? []).join(", ")}</Fact>
              <Fact term="Valid">
                {formatTime(data.not_before)} to {formatTime(data.not_after)}
              </Fact>
              <Fact term="SHA-256">
                <span className="wp-mono">{formatFingerprint(data.fingerprint_sha256)}</span>
              </Fact>
            </DescriptionList>
          )}
          {mayManage && (
            <div>
              <Button variant="secondary" onClick={() => setUploading(true)}>
                Upload a certificate
              </Button>
            </div>
          )}
          {isUploading && <UploadDialog onClose={() => setUploading(false)} onDone={(certificate) => set(() => certificate)} />}
        </div>
      </CardBody>
    </Card>
  );
}

export function SettingsPage() {
  return (
    <Page title="Settings">
      <SeparateDuties />
      <ConsoleCertificate />
    </Page>
  );
}
