// The part of the POP3 form that is about access tokens: where they come from, and the device code.
import { Button, Checkbox } from "@patternfly/react-core";
import { useState } from "react";
import { ChoiceField, FileField, TextField } from "../ui/fields";
import { DeviceCodeField } from "./device_code";
import type { FieldsProperties } from "./pop3_integration";
import { type Provider, proposal, providers, tokenChoices, tokenHelp } from "./pop3_tokens";

/** Addresses that are long and the same for everybody are filled in for whoever wants it. */
function ProviderField({ values, change }: FieldsProperties) {
  const [provider, setProvider] = useState<Provider>("none");
  const [tenant, setTenant] = useState("");
  const isReady = provider === "google" || (provider === "microsoft" && tenant.trim() !== "");
  return (
    <>
      <ChoiceField id="token-provider" label="Provider" value={provider} choices={providers} help="Only fills in the fields below; docs/oauth.md leads through both." onChange={setProvider} />
      {provider === "microsoft" && <TextField id="tenant" label="Directory (tenant) ID" value={tenant} help="As the application's page in Entra shows it." onChange={setTenant} />}
      {provider !== "none" && (
        <div>
          <Button variant="secondary" isDisabled={!isReady} onClick={() => change(proposal(provider, tenant, values.tokenFrom))}>
            Fill in the fields
          </Button>
        </div>
      )}
    </>
  );
}

function SecretFields({ values, errors, change, isSecretSet, isSecretNeeded }: FieldsProperties & { isSecretSet: boolean; isSecretNeeded: boolean }) {
  const isOptional = values.tokenFrom === "refresh_token";
  return (
    <>
      <TextField
        id="client-secret"
        label="Client secret"
        type="password"
        isRequired={!isOptional && isSecretNeeded}
        autoComplete="new-password"
        placeholder={isSecretSet && !isSecretNeeded ? "Saved; leave empty to keep it" : ""}
        value={values.clientSecret}
        error={errors.client_secret}
        help={isOptional ? "Only where the provider gave the application one. Kept encrypted; never shown again." : "Kept encrypted; never shown again."}
        onChange={(clientSecret) => change({ clientSecret, isClientSecretCleared: false })}
      />
      {isOptional && isSecretSet && values.clientSecret === "" && (
        <Checkbox id="client-secret-cleared" label="Remove the saved client secret" isChecked={values.isClientSecretCleared} onChange={(_event, isClientSecretCleared) => change({ isClientSecretCleared })} />
      )}
      <TextField id="secret-expires-on" label="Secret expires on" isShort placeholder="2027-01-31" value={values.secretExpiresOn} error={errors.secret_expires_on} help="As the provider shows it; no protocol tells it. The mailbox warns 30 days before." onChange={(secretExpiresOn) => change({ secretExpiresOn })} />
    </>
  );
}

export function TokenFields(properties: FieldsProperties & { sensorId: string; mailboxId: string | undefined; version: number | undefined; isSecretSet: boolean; isSecretNeeded: boolean; setErrors: (fields: Record<string, string>) => void }) {
  const { values, errors, change } = properties;
  return (
    <>
      <ChoiceField id="token-from" label="Token from" value={values.tokenFrom} choices={tokenChoices} error={errors.token_from} help={tokenHelp(values.tokenFrom)} onChange={(tokenFrom) => change({ tokenFrom })} />
      {values.tokenFrom !== "typed" && (
        <>
          <ProviderField {...properties} />
          <TextField id="token-endpoint" label="Token end point" isRequired maxLength={2000} value={values.tokenEndpoint} error={errors.token_endpoint} help="An https address; its certificate is always checked." onChange={(tokenEndpoint) => change({ tokenEndpoint })} />
          <TextField id="client-id" label="Client id" isRequired maxLength={500} value={values.tokenClientId} error={errors.token_client_id} help="The application's id at the provider." onChange={(tokenClientId) => change({ tokenClientId })} />
          <TextField id="token-scope" label="Scope" maxLength={1000} value={values.tokenScope} error={errors.token_scope} help="What the token is to be good for, as the provider names it." onChange={(tokenScope) => change({ tokenScope })} />
          <SecretFields {...properties} />
          <FileField
            id="token-ca"
            label="CA of the end point"
            accept=".pem,.crt,.cer"
            hasValue={values.tokenCaPem !== ""}
            error={errors.token_ca_pem}
            help={values.tokenCaPem === "" ? "PEM, for a CA that this machine does not trust by itself." : "A CA is set for the end point."}
            onText={(tokenCaPem) => change({ tokenCaPem })}
            onClear={() => change({ tokenCaPem: "" })}
          />
        </>
      )}
      {values.tokenFrom === "refresh_token" && (
        <>
          <TextField id="device-endpoint" label="Device end point" maxLength={2000} value={values.tokenDeviceEndpoint} error={errors.token_device_endpoint} help="Only for getting a token by device code. A client secret goes there, too: where it changes, the secrets are typed again." onChange={(tokenDeviceEndpoint) => change({ tokenDeviceEndpoint })} />
          <DeviceCodeField {...properties} />
        </>
      )}
    </>
  );
}
