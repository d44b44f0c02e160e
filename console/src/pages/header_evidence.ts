// Sentences about the sender, the way of a message and who vouches for it. Pure.
import type { AuthenticationView } from "./message_view";

const notes: Record<string, string> = {
  no_from: "No address stands in From.",
  several_from_fields: "From stands more than once: programs differ in which they show. The second says",
  several_authors: "Several senders are named:",
  group: "From is written as a group, which programs show in different ways:",
  sender_differs: "Sent on behalf of the sender by",
  address_is_encoded: "What looks like an address is an encoded name without one:",
  name_holds_address: "The name shows an address that is not the sender's:",
  name_has_invisible_characters: "The name holds characters that cannot be seen:",
};

export function senderSentence(id: string): string {
  return notes[id] ?? `${id.replaceAll("_", " ")}:`;
}

/** "4 s", "2 min 5 s", "3 h 10 min", "2 d 4 h"; the clocks differ where it is below 0. */
export function delayWords(seconds: number | undefined): string {
  if (seconds === undefined) {
    return "";
  }
  if (seconds < 0) {
    return `${delayWords(-seconds)} back: the clocks differ`;
  }
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) {
    return "0 s";
  }
  let rest = seconds;
  const words: string[] = [];
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) {
      words.push(`${count} ${unit}`);
    }
  }
  return words.join(" ");
}

/** "spf pass, dkim fail" of the servers that the settings trust. */
export function trustedResults(fields: AuthenticationView[]): string {
  return fields
    .filter((field) => field.isTrusted)
    .map((field) => `${field.results.map((result) => `${result.method} ${result.result}`).join(", ") || "nothing"}, says ${field.server}`)
    .join("; ");
}
