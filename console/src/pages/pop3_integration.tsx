// The POP3 integration form of one mailbox: Apply and Test connection both send what stands in the
// fields; the server judges, and its words stand beside the field they are about.
import { ActionGroup, Alert, Button, Checkbox, Form, FormGroup, Switch } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import { type ApiProblem, attempt, call, client, type Schemas } from "../api/client";
import { useMay } from "../session";
import { FieldHelp, ProblemAlert } from "../ui/parts";
import { ChoiceField, TextField } from "../ui/fields";
import { ActionDialog } from "../ui/action_dialog";
import { ConnectionTestView } from "./connection_test";
import { authenticationChoices, authenticationHelp, certificateChoices, copyForms, type FormValues, hasProxyUser, middleWarning, needsPassword, newValues, secretLabel, takesToken, toSettings, toValues, unsendable, withTls } from "./pop3_form";
import { TokenFields } from "./pop3_token_fields";
import { ClientCertificateFields, TlsFields } from "./pop3_tls_fields";

type Mailbox = Schemas["Mailbox"];

export interface FieldsProperties {
  values: FormValues;
  errors: Record<string, string>;
  change: (part: Partial<FormValues>) => void;
  setValues: (values: FormValues) => void;
}

/** Only where the proxy's address names a user. */
function ProxyPasswordField({ values, errors, change, mailbox }: FieldsProperties & { mailbox: Mailbox | undefined }) {
  if (!hasProxyUser(values)) {
    return errors.proxy_password === undefined ? null : <FieldHelp id="proxy-password-help" error={errors.proxy_password} />;
  }
  const isKept = mailbox?.proxy_password_set === true && mailbox.settings.proxy === values.proxy.trim();
  return (
    <TextField
      id="proxy-password"
      label="Password of the proxy"
      type="password"
      maxLength={255}
      isRequired={!isKept}
      autoComplete="new-password"
      placeholder={isKept ? "Saved; leave empty to keep it" : ""}
      value={values.proxyPassword}
      error={errors.proxy_password}
      help="Kept encrypted, for this proxy and user alone. It crosses the network to the proxy in clear."
      onChange={(proxyPassword) => change({ proxyPassword })}
    />
  );
}

function ConnectionFields({ values, errors, change, setValues, mailbox }: FieldsProperties & { mailbox: Mailbox | undefined }) {
  return (
    <>
      <FormGroup label="State" fieldId="state" role="group">
        <Switch
          id="state"
          aria-label="State"
          label={values.enabled ? "Enabled" : "Disabled"}
          isChecked={values.enabled}
          onChange={(_event, enabled) => change({ enabled })}
        />
        <FieldHelp id="state-help" error={errors.enabled} />
      </FormGroup>
      <TextField id="name" label="Name" isRequired maxLength={100} value={values.name} error={errors.name} help="For people: how the mailbox is called in this console." onChange={(name) => change({ name })} />
      <TextField id="server" label="Mail server" isRequired value={values.server} error={errors.server} help="IPv4 or IPv6 address, or host name. What to set up at the mail server: docs/pop3-integration.md." onChange={(server) => change({ server })} />
      <TextField id="port" label="Port" isRequired isShort inputMode="numeric" value={values.port} error={errors.port} onChange={(port) => change({ port, isPortTyped: true })} />
      <TextField id="proxy" label="Proxy" maxLength={1000} value={values.proxy} error={errors.proxy} help="Only where the server cannot be reached directly: socks5://host:port or http://host:port (CONNECT). With a log-in: socks5://user@host:port. The proxy resolves the server's name." onChange={(proxy) => change({ proxy })} />
      <ProxyPasswordField {...{ values, errors, change, setValues, mailbox }} />
      <TextField id="receive-every" label="Receive every" isRequired isShort inputMode="numeric" value={values.receiveEvery} error={errors.receive_every_s} help="Seconds from the end of a poll to the next, 1 to 86,400." onChange={(receiveEvery) => change({ receiveEvery })} />
    </>
  );
}

interface AccountProperties extends FieldsProperties {
  isPasswordNeeded: boolean;
  sensorId: string;
  mailbox: Mailbox | undefined;
  setErrors: (fields: Record<string, string>) => void;
}

function PasswordField({ values, errors, change, isPasswordNeeded, mailbox }: AccountProperties) {
  const label = secretLabel(values);
  if (label === undefined) {
    return errors.password === undefined ? null : <FieldHelp id="password-help" error={errors.password} />;
  }
  const isSet = mailbox?.password_set === true;
  const hasToken = values.sealedToken !== "";
  return (
    <TextField
      id="password"
      label={label}
      type="password"
      isRequired={isPasswordNeeded && !hasToken}
      autoComplete="new-password"
      placeholder={hasToken ? "Got by device code" : isSet && !isPasswordNeeded ? "Saved; leave empty to keep it" : ""}
      value={values.password}
      error={errors.password}
      help={
        isSet && isPasswordNeeded
          ? "Server, port, TLS, user or authentication changed: type the password again, so that a saved one is never sent to somebody else."
          : "Kept encrypted; never shown again."
      }
      onChange={(password) => change({ password })}
    />
  );
}

function AccountFields(properties: AccountProperties) {
  const { values, errors, change, isPasswordNeeded, sensorId, mailbox, setErrors } = properties;
  return (
    <>
      <TextField id="user" label="User name" isRequired autoComplete="off" value={values.user} error={errors.user} onChange={(user) => change({ user })} />
      <ChoiceField
        id="authentication"
        label="Authentication"
        value={values.authentication}
        choices={authenticationChoices}
        error={errors.authentication}
        help={authenticationHelp(values.authentication)}
        onChange={(authentication) => change({ authentication })}
      />
      {takesToken(values.authentication) && (
        <TokenFields {...properties} sensorId={sensorId} mailboxId={mailbox?.id} version={mailbox?.version} isSecretSet={mailbox?.client_secret_set === true} isSecretNeeded={isPasswordNeeded} setErrors={setErrors} />
      )}
      <PasswordField {...properties} />
    </>
  );
}

function CollectFields({ values, errors, change, isSaved }: FieldsProperties & { isSaved: boolean }) {
  return (
    <>
      <ChoiceField
        id="after-retrieval"
        label="After retrieval"
        value={values.afterRetrieval}
        choices={[
          { value: "leave", label: "Leave on server" },
          { value: "delete", label: "Delete once stored" },
        ]}
        error={errors.after_retrieval}
        help={values.afterRetrieval === "delete" ? "A message is deleted only after it is safely stored here." : undefined}
        onChange={(afterRetrieval) => change({ afterRetrieval })}
      />
      <ChoiceField
        id="first-poll"
        label="First poll"
        value={values.firstPoll}
        choices={[
          { value: "all", label: "All mail" },
          { value: "new_only", label: "Only from now on" },
        ]}
        error={errors.first_poll}
        help="Test connection shows how many messages that is."
        onChange={(firstPoll) => change({ firstPoll })}
      />
      <ChoiceField
        id="copies"
        label="Copies arrive as"
        value={values.copies}
        choices={copyForms}
        error={errors.copies}
        help={copyForms.find((form) => form.value === values.copies)?.help}
        onChange={(copies) => change({ copies })}
      />
      <FormGroup label="Message size limit" fieldId="size-limit" role="group">
        <div className="wp-stack">
          <Checkbox id="size-limited" label="Limit the size" isChecked={values.isSizeLimited} onChange={(_event, isSizeLimited) => change({ isSizeLimited })} />
          {values.isSizeLimited && (
            <TextField id="size-limit" label="MiB" isShort inputMode="numeric" value={values.sizeLimitMib} error={errors.size_limit_bytes} help="1 to 2048. A larger message is recorded as not inspected: too large." onChange={(sizeLimitMib) => change({ sizeLimitMib })} />
          )}
        </div>
      </FormGroup>
      {isSaved && (
        <Checkbox
          id="different-maildrop"
          label="This is a different maildrop now"
          description="Choose it where the same user name leads to other mail than before, such as after a move to a new server: everything is collected anew."
          isChecked={values.isDifferentMaildrop}
          onChange={(_event, isDifferentMaildrop) => change({ isDifferentMaildrop })}
        />
      )}
    </>
  );
}

/** After a refusal the first field that it is about has the focus: the buttons stand far below. */
function useFocusOnFault(problem: ApiProblem | undefined, own: Record<string, string>) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problem, own]);
  return form;
}

/** Runs one request at a time; its field errors go beside the fields, the rest above the buttons. */
function useRequest() {
  const [problem, setProblem] = useState<ApiProblem>();
  const [busyWith, setBusyWith] = useState<"apply" | "test">();
  const run = async (what: "apply" | "test", action: () => Promise<void>) => {
    setBusyWith(what);
    setProblem(undefined);
    try {
      setProblem(await attempt(action));
    } finally {
      setBusyWith(undefined);
    }
  };
  return { problem, busyWith, run };
}

export function Pop3Form(properties: {
  sensorId: string;
  mailbox: Mailbox | undefined;
  wasJustApplied: boolean;
  onApplied: (mailbox: Mailbox) => void;
  onRemoved?: () => void;
}) {
  const { sensorId, mailbox, wasJustApplied, onApplied, onRemoved } = properties;
  const saved = mailbox?.settings;
  const [values, setValues] = useState<FormValues>(() => (saved === undefined ? newValues() : toValues(saved)));
  const [own, setOwn] = useState<Record<string, string>>({});
  const [test, setTest] = useState<Schemas["ConnectionTest"]>();
  const [isApplied, setApplied] = useState(wasJustApplied);
  const [isRemoving, setRemoving] = useState(false);
  const { problem, busyWith, run } = useRequest();
  const mayManage = useMay("manage_sensors");
  const form = useFocusOnFault(problem, own);

  const update = (next: FormValues) => {
    setValues(next);
    setApplied(false);
  };
  const fields: FieldsProperties = {
    values,
    errors: { ...(problem?.fields ?? {}), ...own },
    change: (part) => update({ ...values, ...part }),
    setValues: update,
  };
  const isPasswordNeeded = needsPassword(values, saved);
  const warning = middleWarning(values);
  const path = { sensor_id: sensorId };
  const isSendable = () => {
    const problems = unsendable(values);
    setOwn(problems);
    return Object.keys(problems).length === 0;
  };

  const apply = () =>
    isSendable() &&
    run("apply", async () => {
      const body = toSettings(values, mailbox?.version);
      const applied =
        mailbox === undefined
          ? await call(client.POST("/sensors/{sensor_id}/mailboxes", { params: { path }, body }))
          : await call(
              client.PUT("/sensors/{sensor_id}/mailboxes/{mailbox_id}", {
                params: { path: { ...path, mailbox_id: mailbox.id } },
                body,
              }),
            );
      setValues(toValues(applied.settings));
      setApplied(true);
      onApplied(applied);
    });
  const runTest = () =>
    isSendable() &&
    run("test", async () => {
      setTest(undefined);
      const body = { settings: toSettings(values, mailbox?.version), ...(mailbox === undefined ? {} : { mailbox_id: mailbox.id }) };
      setTest(await call(client.POST("/sensors/{sensor_id}/mailbox-test", { params: { path }, body })));
    });

  return (
    <Form
      ref={form}
      className="wp-form"
      aria-label="POP3 integration"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <fieldset disabled={!mayManage} className="wp-fieldset">
        <ConnectionFields {...fields} mailbox={mailbox} />
        <FormGroup role="group" fieldId="use-tls">
          <Checkbox
            id="use-tls"
            label="Use TLS encryption"
            isChecked={values.useTls}
            onChange={(_event, useTls) => update(withTls(values, { useTls }))}
          />
          <FieldHelp id="use-tls-help" error={fields.errors.use_tls} />
        </FormGroup>
        {values.useTls && (
          <ChoiceField
            id="tls-mode"
            label="Mode"
            value={values.tlsMode}
            choices={[
              { value: "implicit", label: "TLS from the start (implicit)" },
              { value: "stls", label: "STLS" },
            ]}
            error={fields.errors.tls_mode}
            help="Nothing is ever sent in clear: there is no fall-back."
            onChange={(tlsMode) => update(withTls(values, { tlsMode }))}
          />
        )}
        <AccountFields {...fields} isPasswordNeeded={isPasswordNeeded} sensorId={sensorId} mailbox={mailbox} setErrors={setOwn} />
        {values.useTls && (
          <ChoiceField id="certificate" label="TLS certificate" value={values.certificate} choices={certificateChoices} error={fields.errors.certificate} onChange={(certificate) => fields.change({ certificate })} />
        )}
        <Alert variant={warning.variant} isInline title={warning.title} data-testid="middle-warning">
          {warning.text}
        </Alert>
        {values.useTls && <TlsFields {...fields} />}
        {values.useTls && <ClientCertificateFields {...fields} isKeySet={mailbox?.client_key_set === true} savedCertificate={saved?.client_certificate_pem ?? ""} />}
        <CollectFields {...fields} isSaved={mailbox !== undefined} />
      </fieldset>
      <div className="wp-stack">
        {problem !== undefined && <ProblemAlert problem={problem} />}
        {Object.keys(own).length > 0 && <Alert variant="danger" isInline isLiveRegion title="Some fields need a change." />}
        {isApplied && <Alert variant="success" isInline isLiveRegion title="Applied. It takes effect at once." />}
        {test !== undefined && <ConnectionTestView test={test} />}
      </div>
      {mayManage && (
        <ActionGroup>
          <Button type="submit" isLoading={busyWith === "apply"} isDisabled={busyWith !== undefined}>
            Apply
          </Button>
          <Button variant="secondary" isLoading={busyWith === "test"} isDisabled={busyWith !== undefined} onClick={() => void runTest()}>
            Test connection
          </Button>
          {mailbox !== undefined && onRemoved !== undefined && (
            <Button variant="link" isDanger onClick={() => setRemoving(true)}>
              Remove mailbox
            </Button>
          )}
        </ActionGroup>
      )}
      {isRemoving && mailbox !== undefined && (
        <ActionDialog
          title="Remove the mailbox?"
          verb="Remove"
          isDanger
          onClose={() => setRemoving(false)}
          run={async () => {
            await call(client.DELETE("/sensors/{sensor_id}/mailboxes/{mailbox_id}", { params: { path: { ...path, mailbox_id: mailbox.id } } }));
            onRemoved?.();
          }}
        >
          <p>Collecting stops and the settings are forgotten. Messages that were collected, and their alerts, stay.</p>
        </ActionDialog>
      )}
    </Form>
  );
}
