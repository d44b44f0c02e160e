// Text that an attacker wrote is shown as text: what would be invisible or would turn the line around
// is made visible, so that what an officer reads is what the message holds.

const controlNames: Record<number, string> = { 0x09: "\u2409", 0x0a: "\u240a", 0x0d: "\u240d" };

/** Characters without a shape of their own: controls, bidirectional controls, zero-width, tags. */
// eslint-disable-next-line no-control-regex
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** An address that no program takes for a link, as analysts pass it on: hxxps://evil[.]example. */
export function defang(url: string): string {
  const [, scheme = "", slashes = "", authority = "", rest = ""] = /^([a-z][a-z0-9+.-]*:)?([/\\]*)([^/\\?#]*)(.*)$/is.exec(url) ?? [];
  const start = /^https?:/i.test(scheme) ? scheme.replace(/^http/i, "hxxp") : scheme.replace(":", "[:]");
  return start + slashes + authority.replaceAll(".", "[.]") + rest;
}

export interface Piece {
  text: string;
  isVisibleControl: boolean;
}

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) {
    return controlNames[code] ?? String.fromCharCode(0x2400 + code);
  }
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The text in pieces: plain ones, and the stand-ins of what cannot be seen. */
export function hostilePieces(text: string, keeps: "one line" | "lines"): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(invisible)) {
    const character = match[0];
    if (keeps === "lines" && (character === "\n" || character === "\t")) {
      continue;
    }
    if (keeps === "lines" && character === "\r" && text[match.index + 1] === "\n") {
      pieces.push({ text: text.slice(from, match.index), isVisibleControl: false });
      from = match.index + 1;
      continue;
    }
    pieces.push({ text: text.slice(from, match.index), isVisibleControl: false });
    pieces.push({ text: shown(character), isVisibleControl: true });
    from = match.index + character.length;
  }
  pieces.push({ text: text.slice(from), isVisibleControl: false });
  return pieces.filter((piece) => piece.text !== "");
}
