// The TLS part of the form beyond the choice of a certificate policy.
import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { attempt, call, client } from "../api/client";
import { FileField, TextField } from "../ui/fields";
import type { FieldsProperties } from "./pop3_integration";

/** The field Cipher suite with its check against the Central Node's own OpenSSL. */
export function CipherField({ values, errors, change }: FieldsProperties) {
  const [suites, setSuites] = useState<string[]>();
  const [problem, setProblem] = useState<string>();
  const check = async () => {
    setSuites(undefined);
    setProblem(undefined);
    const refusal = await attempt(async () => {
      const answer = await call(client.GET("/cipher-suites", { params: { query: { ciphers: values.ciphers.trim() } } }));
      setSuites(answer.suites);
    });
    setProblem(refusal && (refusal.fields.ciphers ?? refusal.problem.title));
  };
  return (
    <>
      <TextField
        id="ciphers"
        label="Cipher suite"
        value={values.ciphers}
        placeholder="OpenSSL's default at security level 2, TLS 1.2 or newer"
        error={problem ?? errors.ciphers}
        help={
          <>
            An OpenSSL cipher string; names that begin with TLS_ set the suites of TLS 1.3.{" "}
            <a href="/help/cipher-suites" target="_blank" rel="noreferrer">
              Help
            </a>
          </>
        }
        onChange={(ciphers) => {
          change({ ciphers });
          setProblem(undefined);
          setSuites(undefined);
        }}
      />
      <div className="wp-stack">
        <Button variant="link" isInline onClick={() => void check()}>
          Show the resulting list
        </Button>
        {suites !== undefined && (
          <ol className="wp-mono wp-list" aria-label="Resulting cipher suites">
            {suites.map((suite) => (
              <li key={suite}>{suite}</li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

export function TlsFields(fields: FieldsProperties) {
  const { values, errors, change } = fields;
  return (
    <>
      <CipherField {...fields} />
      <TextField id="certificate-name" label="Certificate name" value={values.certificateName} error={errors.certificate_name} help="Only where the certificate carries another name than the Mail server field, such as for an IP address." onChange={(certificateName) => change({ certificateName })} />
      <FileField
        id="ca"
        label="CA certificate"
        accept=".pem,.crt,.cer"
        hasValue={values.caPem !== ""}
        error={errors.ca_pem}
        help={values.caPem === "" ? "PEM, for a CA that this machine does not trust by itself." : "A CA is set for this mailbox."}
        onText={(caPem) => change({ caPem })}
        onClear={() => change({ caPem: "" })}
      />
      <TextField id="pin" label="SHA-256 pin" value={values.pin} error={errors.pin_sha256} help="64 hexadecimal digits, as Test connection shows the fingerprint. Demanded on top of the choice above." onChange={(pin) => change({ pin })} />
    </>
  );
}

/** What is shown to a server that asks who we are. The key goes in and never comes out. */
export function ClientCertificateFields({ values, errors, change, isKeySet, savedCertificate }: FieldsProperties & { isKeySet: boolean; savedCertificate: string }) {
  const hasOne = values.clientCertificatePem !== "";
  const isKept = isKeySet && values.clientKeyPem === "" && values.clientCertificatePem === savedCertificate;
  return (
    <>
      <FileField
        id="client-certificate"
        label="Client certificate"
        accept=".pem,.crt,.cer"
        isRequired={values.authentication === "external"}
        hasValue={hasOne}
        error={errors.client_certificate_pem}
        help={hasOne ? "A certificate is set; the mailbox warns 30 days before it ends." : "PEM, the certificate and then its issuers: only for servers that ask for one."}
        onText={(clientCertificatePem) => change({ clientCertificatePem })}
        onClear={() => change({ clientCertificatePem: "", clientKeyPem: "" })}
      />
      {hasOne && (
        <FileField
          id="client-key"
          label="Private key"
          accept=".pem,.key"
          isRequired={!isKept}
          hasValue={values.clientKeyPem !== ""}
          error={errors.client_key_pem}
          help={isKept ? "Saved; choose a file only to replace it." : "PEM without a pass phrase. Kept encrypted; never shown again."}
          onText={(clientKeyPem) => change({ clientKeyPem })}
          onClear={() => change({ clientKeyPem: "" })}
        />
      )}
    </>
  );
}
