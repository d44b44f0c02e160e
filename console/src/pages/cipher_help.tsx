// Help for the field Cipher suite, with a place to try a string.
import { Content, Form } from "@patternfly/react-core";
import { useState } from "react";
import { useMay } from "../session";
import { Page } from "../ui/parts";
import { newValues } from "./pop3_form";
import { CipherField } from "./pop3_tls_fields";

const operators: [string, string][] = [
  ["A:B", "one after the other, in this order of preference; blanks and commas part as well"],
  ["!A", "never A, whatever follows"],
  ["-A", "take A out; a later entry can bring it back"],
  ["+A", "move A to the end of the list"],
  ["A+B", "what is both, such as ECDHE+AESGCM"],
  ["@STRENGTH", "sort by key length"],
  ["@SECLEVEL=n", "OpenSSL's security level; 2 is ours"],
];

const words: [string, string][] = [
  ["DEFAULT", "OpenSSL's default list; can only stand first"],
  ["HIGH, MEDIUM, LOW", "by key length"],
  ["ECDHE, DHE, RSA", "by key exchange; the first two give forward secrecy"],
  ["AESGCM, CHACHA20, AES256, AES128", "by cipher"],
  ["aRSA, aECDSA", "by the kind of key in the server's certificate"],
  ["aNULL, eNULL, EXPORT", "without authentication or encryption, or weakened: always put a ! before"],
  ["SHA1, SHA256, SHA384", "by digest"],
];

const examples: [string, string][] = [
  ["ECDHE+AESGCM:ECDHE+CHACHA20", "forward secrecy and authenticated encryption only; TLS 1.3 as OpenSSL has it"],
  ["TLS_AES_256_GCM_SHA384:ECDHE+AESGCM", "one suite for TLS 1.3, a list for TLS 1.2"],
  ["DEFAULT:!aNULL:!SHA1", "the default without SHA-1"],
  ["DEFAULT:@SECLEVEL=1", "for an old server with short keys: weaker, and only as long as it must be"],
];

function Terms({ of }: { of: [string, string][] }) {
  return (
    <table className="wp-terms">
      <tbody>
        {of.map(([term, meaning]) => (
          <tr key={term}>
            <th scope="row" className="wp-mono">
              {term}
            </th>
            <td>{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function CipherHelpPage() {
  const [values, setValues] = useState(newValues);
  const mayCheck = useMay("manage_sensors");
  return (
    <Page title="Cipher suite">
      <Content className="wp-form">
        <p>
          The field takes an OpenSSL cipher string: names of suites and words for groups of them, parted by colons. Left empty, OpenSSL’s
          default at security level 2 is used, with TLS 1.2 or newer. The string is checked before it is applied.
        </p>
        <p>
          TLS 1.3 has suites of its own, whose names begin with TLS_. Those in the string become the list for TLS 1.3, everything else the
          list for TLS 1.2; where a string names none of one kind, OpenSSL’s default of that kind stays.
        </p>
        <h2>Signs</h2>
        <Terms of={operators} />
        <h2>Words</h2>
        <Terms of={words} />
        <h2>Examples</h2>
        <Terms of={examples} />
        {mayCheck && <h2>Try it</h2>}
      </Content>
      {mayCheck && (
        <Form className="wp-form" onSubmit={(event) => event.preventDefault()}>
          <CipherField values={values} errors={{}} setValues={setValues} change={(part) => setValues({ ...values, ...part })} />
        </Form>
      )}
    </Page>
  );
}
