// What the alert page shows of the message data model (docs/message-data-model.md). The model comes as
// an open object: every member is read with care, and what is not there is an empty text.

export interface LinkView {
  url: string;
  text: string;
  source: string;
  part: string;
}

export interface MessageView {
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  date: string;
  fields: { name: string; value: string }[];
  plain: string;
  html: string;
  wasCut: boolean;
  links: LinkView[];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
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
    fields: list(member(headers, "fields")).map((field) => ({
      name: text(member(field, "name")),
      value: text(member(field, "value")),
    })),
    plain: text(member(member(body, "plain"), "raw")),
    html: text(member(html, "display_text")),
    wasCut: member(body, "was_cut") === true,
    links: list(member(body, "links")).map((link) => ({
      url: text(member(member(link, "href_url"), "url")),
      text: text(member(link, "display_text")),
      source: text(member(link, "source")),
      part: text(member(link, "part")),
    })),
  };
}
