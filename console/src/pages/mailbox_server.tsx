// What is known of a mailbox's server: as it was at the last log-in, and what was learned about it. Live.
import { Alert, Card, CardBody, CardTitle, DescriptionList, Label } from "@patternfly/react-core";
import { call, client, type Schemas } from "../api/client";
import { expiryOf } from "../text/expiry";
import { formatFingerprint, formatTime } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { Fact, Loading, Nothing, ProblemAlert } from "../ui/parts";
import { useOfMailbox } from "./use_mailbox";

type Server = Schemas["MailServer"];
type Certificate = NonNullable<Server["chain"]>[number];

function Expiry({ notAfter }: { notAfter: string }) {
  const expiry = expiryOf(notAfter, Date.now());
  return expiry === undefined ? null : (
    <Label isCompact color={expiry.color}>
      {expiry.words}
    </Label>
  );
}

function CertificateView({ certificate, index }: { certificate: Certificate; index: number }) {
  return (
    <li>
      <strong>{index === 0 ? "Of the server" : "Of who issued it"}</strong>
      <DescriptionList isCompact columnModifier={{ default: "2Col" }}>
        <Fact term="Subject">
          <HostileText text={certificate.subject} />
        </Fact>
        <Fact term="Issued by">
          <HostileText text={certificate.issuer} />
        </Fact>
        <Fact term="Valid">
          {formatTime(certificate.not_before)} to {formatTime(certificate.not_after)} <Expiry notAfter={certificate.not_after} />
        </Fact>
        <Fact term="Key">{certificate.key}</Fact>
      </DescriptionList>
      <DescriptionList isCompact>
        <Fact term="SHA-256 fingerprint">
          <span className="wp-mono">{formatFingerprint(certificate.fingerprint)}</span>
        </Fact>
      </DescriptionList>
    </li>
  );
}

function ServerView({ server }: { server: Server }) {
  const { chain = [], capabilities = [], learned = [], left_out = 0, certificate_warning = "" } = server;
  return (
    <div className="wp-stack">
      {certificate_warning !== "" && <Alert variant="warning" isInline title={<HostileText text={certificate_warning} />} />}
      <Card isCompact>
        <CardTitle component="h3">At the last log-in</CardTitle>
        <CardBody>
          <div className="wp-stack">
            <DescriptionList isCompact columnModifier={{ default: "3Col" }}>
              <Fact term="When">{formatTime(server.seen_at)}</Fact>
              <Fact term="Address">{server.address ?? "–"}</Fact>
              <Fact term="Logged in by">{server.mechanism === undefined || server.mechanism === "" ? "–" : server.mechanism}</Fact>
              <Fact term="TLS">{server.tls === undefined || server.tls === "" ? "None: in clear" : server.tls}</Fact>
              <Fact term="Greeting">
                <HostileText text={server.greeting ?? ""} placeholder="(empty)" />
              </Fact>
            </DescriptionList>
            <DescriptionList isCompact>
              <Fact term="Capabilities">
                {capabilities.length === 0 ? (
                  <span className="wp-faint">The server has no CAPA, or was not asked.</span>
                ) : (
                  <span className="wp-actions">
                    {capabilities.map((line, index) => (
                      <Label key={index} isCompact variant="outline">
                        <HostileText text={line} />
                      </Label>
                    ))}
                  </span>
                )}
              </Fact>
            </DescriptionList>
            {left_out > 0 && <p className="wp-faint">{left_out} more capabilities and certificates are left out.</p>}
          </div>
        </CardBody>
      </Card>
      <Card isCompact>
        <CardTitle component="h3">What was learned</CardTitle>
        <CardBody>
          {learned.length === 0 ? (
            <p className="wp-faint">It behaves as the standards say: nothing had to be learned.</p>
          ) : (
            <ul aria-label="What was learned">
              {learned.map((fact) => (
                <li key={fact}>{fact.charAt(0).toUpperCase() + fact.slice(1)}.</li>
              ))}
            </ul>
          )}
        </CardBody>
      </Card>
      {chain.length > 0 && (
        <Card isCompact>
          <CardTitle component="h3">Certificates</CardTitle>
          <CardBody>
            <ol className="wp-stack wp-plain" aria-label="Certificates, as the server sent them">
              {chain.map((certificate, index) => (
                <CertificateView key={certificate.fingerprint + String(index)} certificate={certificate} index={index} />
              ))}
            </ol>
          </CardBody>
        </Card>
      )}
    </div>
  );
}

export function MailboxServer({ sensorId, mailboxId }: { sensorId: string; mailboxId: string }) {
  const path = { sensor_id: sensorId, mailbox_id: mailboxId };
  const { data, problem, isLoading, reload } = useOfMailbox(mailboxId, () =>
    call(client.GET("/sensors/{sensor_id}/mailboxes/{mailbox_id}/server", { params: { path } })),
  );
  return (
    <div className="wp-stack">
      <ProblemAlert problem={problem} onRetry={reload} />
      {data === undefined && isLoading && <Loading what="what is known of the server" />}
      {data !== undefined && data.seen_at === undefined && <Nothing title="Nobody has logged in yet">What the server is shows here after the first log-in.</Nothing>}
      {data?.seen_at !== undefined && <ServerView server={data} />}
    </div>
  );
}
