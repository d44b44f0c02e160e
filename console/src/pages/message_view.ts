// What the alert page shows of the message data model (docs/message-data-model.md). The model comes as
// an open object: every member is read with care, and what is not there is an empty text.

/** What a wrapper around a link leads to. */
export interface UnwrappingStep {
  wrapper: string;
  url: string;
}

export interface LinkView {
  url: string;
  /** As it stands in the document, where the document's base changed it. */
  written: string;
  text: string;
  /** The address that the text names, where the link leads to another host. */
  mismatch: string;
  source: string;
  part: string;
  /** From the outermost wrapper inwards. */
  unwrapped: UnwrappingStep[];
}

/** One server that the message passed, by its own words. */
export interface HopView {
  from: string;
  by: string;
  protocol: string;
  time: string;
  /** Since the hop before; below 0 where clocks differ, undefined where a time cannot be read. */
  delay?: number;
}

export interface AuthenticationView {
  server: string;
  isTrusted: boolean;
  results: { method: string; result: string; reason: string; properties: { name: string; value: string }[] }[];
}

/** A QR code that an image shows or a text draws. */
export interface QrCodeView {
  part: string;
  drawnAs: string;
  text: string;
}

/** How the message came into its mailbox, where that is known. docs/copies.md. */
export interface CopyView {
  form: string;
  setting: string;
  part: string;
  evidence: string[];
  sender: string;
  recipients: string[];
  subject: string;
  deliveredTo: { name: string; value: string }[];
  known: { address: string; field: string; origin: string }[];
  wasCut: boolean;
  otherParts: string[];
  otherLines: string[];
  /** Whom a journal report calls the sender: not always the From of the message inside. */
  reportedSender: string;
  onBehalfOf: string;
}

/** What an HTML document holds beside its text. docs/message-data-model.md. */
export interface HtmlView {
  part: string;
  reading: string;
  text: string;
  hiddenText: string;
  hiddenBy: string[];
  invisibleCharacters: number;
  base: string;
  refresh: string;
  forms: { action: string; method: string; passwordFields: number }[];
  scripts: { inDocument: number; loaded: number; handlers: number; addresses: number; inSvg: number };
  blobUrls: number;
  smuggling: string[];
  objects: number;
  wasCut: boolean;
}

export interface MessageView {
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  date: string;
  fields: { name: string; value: string }[];
  /** From the newest on. */
  hops: HopView[];
  senderNotes: { id: string; detail: string }[];
  authentication: AuthenticationView[];
  plain: string;
  html: string;
  hiddenHtml: string;
  htmlDocuments: HtmlView[];
  wasCut: boolean;
  links: LinkView[];
  qrCodes: QrCodeView[];
  copy?: CopyView;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function mailbox(value: unknown): string {
  const name = text(member(value, "display_name"));
  const address = text(member(member(value, "email"), "email"));
  if (name === "") {
    return address;
  }
  return address === "" ? name : `${name} <${address}>`;
}

function fields(value: unknown): { name: string; value: string }[] {
  return list(value).map((field) => ({ name: text(member(field, "name")), value: text(member(field, "value")) }));
}

function origin(recipient: unknown): string {
  const expanded = text(member(recipient, "expanded_from"));
  const forwarded = text(member(recipient, "forwarded_from"));
  return [expanded && `by the list ${expanded}`, forwarded && `forwarded from ${forwarded}`].filter(Boolean).join(", ");
}

function toCopyView(copy: unknown): CopyView | undefined {
  if (typeof copy !== "object" || copy === null) {
    return undefined;
  }
  const arrived = member(copy, "arrived");
  return {
    form: text(member(copy, "form")),
    setting: text(member(copy, "setting")),
    part: text(member(copy, "part")),
    evidence: list(member(copy, "evidence")).map(text),
    sender: mailbox(member(arrived, "sender")),
    recipients: list(member(arrived, "recipients")).map(mailbox),
    subject: text(member(arrived, "subject")),
    deliveredTo: fields(member(arrived, "delivered_to")),
    known: list(member(copy, "recipients")).map((recipient) => ({
      address: mailbox(member(recipient, "mailbox")),
      field: text(member(recipient, "field")),
      origin: origin(recipient),
    })),
    wasCut: member(copy, "was_cut") === true,
    otherParts: list(member(copy, "other_parts")).map(text),
    otherLines: list(member(member(copy, "journal"), "other_lines")).map(text),
    reportedSender: text(member(member(copy, "journal"), "sender")),
    onBehalfOf: text(member(member(copy, "journal"), "on_behalf_of")),
  };
}

function toHopView(hop: unknown): HopView {
  const received = member(hop, "received");
  const raw = (name: string) => text(member(member(received, name), "raw"));
  const delay = member(received, "delay_s");
  return {
    from: raw("source"),
    by: raw("server"),
    protocol: raw("protocol"),
    time: text(member(received, "time")),
    delay: typeof delay === "number" ? delay : undefined,
  };
}

function toAuthenticationView(field: unknown): AuthenticationView {
  return {
    server: text(member(field, "server")),
    isTrusted: member(field, "trusted") === true,
    results: list(member(field, "results")).map((result) => ({
      method: text(member(result, "method")),
      result: text(member(result, "result")),
      reason: text(member(result, "reason")),
      properties: fields(member(result, "properties")),
    })),
  };
}

function toHtmlView(document: unknown): HtmlView {
  const scripts = member(document, "scripts");
  return {
    part: text(member(document, "part")),
    reading: text(member(document, "reading")),
    text: text(member(document, "display_text")),
    hiddenText: text(member(document, "hidden_text")),
    hiddenBy: list(member(document, "hidden_by")).map(text),
    invisibleCharacters: count(member(document, "invisible_characters")),
    base: text(member(document, "base_url")),
    refresh: text(member(document, "refresh_url")),
    forms: list(member(document, "forms")).map((form) => ({
      action: text(member(form, "action")),
      method: text(member(form, "method")),
      passwordFields: count(member(form, "password_fields")),
    })),
    scripts: {
      inDocument: count(member(scripts, "in_document")),
      loaded: count(member(scripts, "loaded")),
      handlers: count(member(scripts, "handlers")),
      addresses: count(member(scripts, "addresses")),
      inSvg: count(member(scripts, "in_svg")),
    },
    blobUrls: count(member(document, "blob_urls")),
    smuggling: list(member(document, "smuggling")).map(text),
    objects: count(member(document, "objects")),
    wasCut: member(document, "was_cut") === true,
  };
}

export function toMessageView(message: unknown): MessageView {
  const recipients = member(message, "recipients");
  const headers = member(message, "headers");
  const body = member(message, "body");
  const html = member(body, "html");
  return {
    from: mailbox(member(message, "sender")),
    to: list(member(recipients, "to")).map(mailbox),
    cc: list(member(recipients, "cc")).map(mailbox),
    bcc: list(member(recipients, "bcc")).map(mailbox),
    replyTo: list(member(headers, "reply_to")).map(mailbox),
    date: text(member(headers, "date")),
    fields: fields(member(headers, "fields")),
    hops: list(member(headers, "hops")).map(toHopView),
    senderNotes: list(member(headers, "sender_notes")).map((note) => ({
      id: text(member(note, "id")),
      detail: text(member(note, "detail")),
    })),
    authentication: list(member(headers, "authentication_results")).map(toAuthenticationView),
    plain: text(member(member(body, "plain"), "raw")),
    html: text(member(html, "display_text")),
    hiddenHtml: text(member(html, "hidden_text")),
    htmlDocuments: list(member(message, "html_documents")).map(toHtmlView),
    wasCut: member(body, "was_cut") === true,
    links: list(member(body, "links")).map((link) => ({
      url: text(member(member(link, "href_url"), "url")),
      written: text(member(link, "written")),
      text: text(member(link, "display_text")),
      mismatch: member(link, "mismatched") === true ? text(member(member(link, "display_url"), "url")) : "",
      source: text(member(link, "source")),
      part: text(member(link, "part")),
      unwrapped: list(member(link, "unwrapped")).map((step) => ({
        wrapper: text(member(step, "wrapper")),
        url: text(member(step, "url")),
      })),
    })),
    qrCodes: list(member(message, "qr_codes")).map((code) => ({
      part: text(member(code, "part")),
      drawnAs: text(member(code, "drawn_as")),
      text: text(member(code, "text")),
    })),
    copy: toCopyView(member(message, "copy")),
  };
}
