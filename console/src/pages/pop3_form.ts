// The values of the POP3 integration form and what follows from them, without a page around it.
import type { Schemas } from "../api/client";

export type Settings = Schemas["MailboxSettings"];

export interface FormValues {
  name: string;
  enabled: boolean;
  server: string;
  port: string;
  isPortTyped: boolean;
  proxy: string;
  proxyPassword: string;
  receiveEvery: string;
  useTls: boolean;
  tlsMode: "implicit" | "stls";
  user: string;
  authentication: NonNullable<Settings["authentication"]>;
  password: string;
  tokenFrom: NonNullable<Settings["token_from"]>;
  tokenEndpoint: string;
  tokenDeviceEndpoint: string;
  tokenClientId: string;
  tokenScope: string;
  tokenCaPem: string;
  clientSecret: string;
  isClientSecretCleared: boolean; // the saved one is let go
  secretExpiresOn: string;
  sealedToken: string; // what a device code brought; in place of the password
  clientCertificatePem: string;
  clientKeyPem: string;
  certificate: "any" | "self_signed" | "trusted";
  certificateName: string;
  caPem: string;
  pin: string;
  ciphers: string;
  afterRetrieval: "leave" | "delete";
  firstPoll: "all" | "new_only";
  copies: NonNullable<Settings["copies"]>;
  sizeLimitMib: string;
  isSizeLimited: boolean;
  isDifferentMaildrop: boolean;
}

const bytesPerMib = 1024 * 1024;
const sizeLimitDefault = 256 * bytesPerMib;

export function proposedPort(useTls: boolean, mode: FormValues["tlsMode"]): string {
  return useTls && mode === "implicit" ? "995" : "110";
}

export function newValues(): FormValues {
  return toValues({
    name: "Mailbox",
    enabled: false,
    server: "",
    port: 995,
    receive_every_s: 60,
    use_tls: true,
    user: "",
  } as Settings);
}

/** A saved port that differs from the proposal was typed by somebody. */
export function toValues(settings: Settings): FormValues {
  const mode = settings.tls_mode ?? "implicit";
  const limit = settings.size_limit_bytes ?? sizeLimitDefault;
  return {
    name: settings.name,
    enabled: settings.enabled,
    server: settings.server,
    port: String(settings.port),
    isPortTyped: String(settings.port) !== proposedPort(settings.use_tls, mode),
    proxy: settings.proxy ?? "",
    proxyPassword: "",
    receiveEvery: String(settings.receive_every_s),
    useTls: settings.use_tls,
    tlsMode: mode,
    user: settings.user,
    authentication: settings.authentication ?? "auto",
    password: "",
    tokenFrom: settings.token_from ?? "typed",
    tokenEndpoint: settings.token_endpoint ?? "",
    tokenDeviceEndpoint: settings.token_device_endpoint ?? "",
    tokenClientId: settings.token_client_id ?? "",
    tokenScope: settings.token_scope ?? "",
    tokenCaPem: settings.token_ca_pem ?? "",
    clientSecret: "",
    isClientSecretCleared: false,
    secretExpiresOn: settings.secret_expires_on ?? "",
    sealedToken: "",
    clientCertificatePem: settings.client_certificate_pem ?? "",
    clientKeyPem: "",
    certificate: settings.certificate ?? "trusted",
    certificateName: settings.certificate_name ?? "",
    caPem: settings.ca_pem ?? "",
    pin: settings.pin_sha256 ?? "",
    ciphers: settings.ciphers ?? "",
    afterRetrieval: settings.after_retrieval ?? "leave",
    firstPoll: settings.first_poll ?? "all",
    copies: settings.copies ?? "auto",
    sizeLimitMib: String((limit === 0 ? sizeLimitDefault : limit) / bytesPerMib),
    isSizeLimited: limit !== 0,
    isDifferentMaildrop: false,
  };
}

/** A change of TLS proposes the usual port; one that was typed stays. */
export function withTls(values: FormValues, change: Partial<Pick<FormValues, "useTls" | "tlsMode">>): FormValues {
  const changed = { ...values, ...change };
  return changed.isPortTyped ? changed : { ...changed, port: proposedPort(changed.useTls, changed.tlsMode) };
}

/** Whether the proxy's address holds a user name: then it wants a password, too. */
export function hasProxyUser(values: FormValues): boolean {
  return /^[a-z0-9]+:\/\/[^/]+@/i.test(values.proxy.trim());
}

/** Digits alone become a number; anything else is NaN, which never reaches the server. */
function toNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;
}

/** Only what the request's types cannot carry; everything else is the server's to judge. */
export function unsendable(values: FormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  if (Number.isNaN(toNumber(values.port))) {
    problems.port = "A number from 1 to 65535.";
  }
  if (Number.isNaN(toNumber(values.receiveEvery))) {
    problems.receive_every_s = "A number of seconds from 1 to 86,400.";
  }
  if (values.isSizeLimited && !(Number(values.sizeLimitMib) >= 1 && Number(values.sizeLimitMib) <= 2048)) {
    problems.size_limit_bytes = "A number of MiB from 1 to 2048.";
  }
  return problems;
}

/** Only where the log-in takes a token that is fetched: else nothing of it is sent. */
function addToken(values: FormValues, settings: Settings) {
  if (!takesToken(values.authentication) || values.tokenFrom === "typed") {
    return;
  }
  settings.token_from = values.tokenFrom;
  settings.token_endpoint = values.tokenEndpoint.trim();
  settings.token_client_id = values.tokenClientId.trim();
  settings.token_scope = values.tokenScope.trim();
  settings.token_ca_pem = values.tokenCaPem;
  settings.secret_expires_on = values.secretExpiresOn.trim();
  if (values.tokenFrom === "refresh_token") {
    settings.token_device_endpoint = values.tokenDeviceEndpoint.trim();
  }
  if (values.clientSecret !== "") {
    settings.client_secret = values.clientSecret;
  } else if (values.isClientSecretCleared) {
    settings.client_secret = null;
  }
}

export function toSettings(values: FormValues, version: number | undefined): Settings {
  const settings: Settings = {
    name: values.name.trim(),
    enabled: values.enabled,
    server: values.server.trim(),
    port: toNumber(values.port),
    receive_every_s: toNumber(values.receiveEvery),
    use_tls: values.useTls,
    tls_mode: values.tlsMode,
    user: values.user,
    authentication: values.authentication,
    certificate: values.certificate,
    certificate_name: values.certificateName.trim(),
    ca_pem: values.caPem,
    pin_sha256: values.pin.replaceAll(":", "").replaceAll(" ", ""),
    ciphers: values.ciphers.trim(),
    after_retrieval: values.afterRetrieval,
    first_poll: values.firstPoll,
    copies: values.copies,
    size_limit_bytes: values.isSizeLimited ? Math.round(Number(values.sizeLimitMib) * bytesPerMib) : 0,
    different_maildrop: values.isDifferentMaildrop,
  };
  if (values.proxy.trim() !== "") {
    settings.proxy = values.proxy.trim();
  }
  if (hasProxyUser(values) && values.proxyPassword !== "") {
    settings.proxy_password = values.proxyPassword;
  }
  if (values.password !== "") {
    settings.password = values.password;
  } else if (values.sealedToken !== "") {
    settings.sealed_token = values.sealedToken;
  }
  addToken(values, settings);
  if (values.useTls && values.clientCertificatePem !== "") {
    settings.client_certificate_pem = values.clientCertificatePem;
    if (values.clientKeyPem !== "") {
      settings.client_key_pem = values.clientKeyPem;
    }
  }
  if (version !== undefined) {
    settings.version = version;
  }
  return settings;
}

/** What is asked for as Password, if anything. */
export function secretLabel(values: FormValues): "Password" | "Access token" | "Refresh token" | undefined {
  if (values.authentication === "external") {
    return undefined;
  }
  if (!takesToken(values.authentication)) {
    return "Password";
  }
  switch (values.tokenFrom) {
    case "typed":
      return "Access token";
    case "refresh_token":
      return "Refresh token";
    case "client_credentials":
      return undefined;
  }
}

/** Where one of these changes, a saved secret could be sent to somebody else: it is typed again. */
export function needsPassword(values: FormValues, saved: Settings | undefined): boolean {
  if (saved === undefined) {
    return true;
  }
  const before = toSettings(toValues(saved), undefined);
  const now = toSettings(values, undefined);
  const keys = ["server", "port", "proxy", "use_tls", "tls_mode", "certificate", "certificate_name", "ca_pem", "pin_sha256", "ciphers", "user", "authentication", "token_from", "token_endpoint", "token_client_id", "token_ca_pem", "token_device_endpoint"] as const;
  return keys.some((key) => before[key] !== now[key]);
}

/** docs/copies.md; the sentence says what the value means. */
export const copyForms: { value: FormValues["copies"]; label: string; help: string }[] = [
  { value: "auto", label: "Automatic", help: "Journal reports to the letter and redirected messages are recognised; everything else is shown as it comes." },
  { value: "plain", label: "Plain copies", help: "Each message is shown as it comes (always_bcc, also deliver to). Nothing inside it changes who is shown as sender." },
  { value: "journal", label: "Journal reports", help: "Of Exchange or Microsoft 365: the message inside is shown, with its true recipients, Bcc included. Anything else raises an alert." },
  { value: "redirected", label: "Redirected copies", help: "Sent on unchanged, with Resent fields. Anything else raises an alert." },
  { value: "attached", label: "Forwards as attachments", help: "The attached message is shown (reported phish, abuse reports, legal intercept). Anything else raises an alert." },
];

/** The ones that carry a token or need TLS are told apart by their labels; the server judges. */
export const authenticationChoices = [
  { value: "auto", label: "Automatic" },
  { value: "scram_sha_256_plus", label: "SCRAM-SHA-256-PLUS" },
  { value: "scram_sha_256", label: "SCRAM-SHA-256" },
  { value: "scram_sha_1_plus", label: "SCRAM-SHA-1-PLUS" },
  { value: "scram_sha_1", label: "SCRAM-SHA-1" },
  { value: "cram_md5", label: "CRAM-MD5" },
  { value: "plain", label: "PLAIN" },
  { value: "login", label: "LOGIN" },
  { value: "user_pass", label: "USER and PASS" },
  { value: "apop", label: "APOP" },
  { value: "oauthbearer", label: "OAUTHBEARER (access token)" },
  { value: "xoauth2", label: "XOAUTH2 (access token)" },
  { value: "external", label: "EXTERNAL (client certificate)" },
] as const;

export function takesToken(authentication: FormValues["authentication"]): boolean {
  return authentication === "oauthbearer" || authentication === "xoauth2";
}

/** What the choice means for the password, in one sentence. */
export function authenticationHelp(authentication: FormValues["authentication"]): string {
  switch (authentication) {
    case "auto":
      return "The strongest that the server announces: SCRAM before PLAIN and LOGIN; CRAM-MD5 only where it is better than nothing, APOP never.";
    case "scram_sha_256_plus":
    case "scram_sha_1_plus":
      return "The password is never sent, the server proves that it knows it, and the log-in is bound to this TLS session: nobody in between can use it.";
    case "scram_sha_256":
    case "scram_sha_1":
      return "The password is never sent, and the server proves that it knows it.";
    case "cram_md5":
      return "The password is not sent, but whoever sees the log-in can guess at it at high speed.";
    case "apop":
      return "The password is not sent, but MD5 protects it badly: only for servers that know nothing better.";
    case "oauthbearer":
    case "xoauth2":
      return "An OAuth 2.0 access token takes the password's place.";
    case "external":
      return "The client certificate below logs in, and no password is needed.";
    default:
      return "The password itself is sent: without TLS everybody on the way can read it.";
  }
}

export const certificateChoices = [
  { value: "any", label: "Accept any" },
  { value: "self_signed", label: "Accept untrusted self-signed" },
  { value: "trusted", label: "Accept only trusted" },
] as const;

/** How well the connection is protected against somebody in the middle, by what was chosen. */
export function middleWarning(values: FormValues): { variant: "danger" | "warning" | "info"; title: string; text: string } {
  if (!values.useTls) {
    return {
      variant: "danger",
      title: "The connection is not encrypted",
      text: "Everybody on the way can read the messages and the password, and can change what is collected.",
    };
  }
  const isPinned = values.pin.trim() !== "";
  if (values.certificate === "any") {
    return {
      variant: isPinned ? "warning" : "danger",
      title: isPinned ? "Only the pin protects this connection" : "Not protected against a man in the middle",
      text: isPinned
        ? "Nothing of the certificate is checked but its SHA-256 pin: another certificate is refused."
        : "The connection is encrypted, but any certificate is accepted: somebody in the middle can read the messages and the password. The fingerprint is recorded, and a change is shown.",
    };
  }
  if (values.certificate === "self_signed") {
    return {
      variant: isPinned ? "info" : "warning",
      title: isPinned ? "Protected by the pin" : "Protection against a man in the middle cannot be guaranteed",
      text: isPinned
        ? "A self-signed certificate is accepted if it is the one of the pin."
        : "A self-signed certificate is accepted, and anybody can make one. Set a SHA-256 pin, or upload the server's CA and accept only trusted certificates.",
    };
  }
  return {
    variant: "info",
    title: "The most secure of the three",
    text: "The chain and the name are checked. Even so, somebody who gets a trusted certificate for this name could stand in the middle; a SHA-256 pin prevents that as well.",
  };
}
