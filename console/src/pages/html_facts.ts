// Sentences about what an HTML document holds. Pure.
import type { HtmlView } from "./message_view";

const ways: Record<string, string> = {
  display: "not displayed",
  visibility: "invisible",
  opacity: "transparent",
  font_size: "too small to be read",
  color: "in the colour of its background",
  position: "outside of the window",
  clipping: "in a box without room",
  attribute: "marked as hidden",
  characters: "spelled with invisible characters",
};

/** "Not displayed; in the colour of its background." */
export function hidingSentence(hiddenBy: string[]): string {
  const words = hiddenBy.map((way) => ways[way] ?? way).join("; ");
  return words === "" ? "" : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? "" : count === 1 ? `one ${one}` : `${count} ${many}`;
}

export function scriptSentence(scripts: HtmlView["scripts"]): string {
  return [
    counted(scripts.inDocument, "in the document", "in the document"),
    counted(scripts.loaded, "loaded from elsewhere", "loaded from elsewhere"),
    counted(scripts.handlers, "handler of events", "handlers of events"),
    counted(scripts.addresses, "javascript: address", "javascript: addresses"),
    counted(scripts.inSvg, "of them in an SVG image", "of them in SVG images"),
  ]
    .filter((words) => words !== "")
    .join(", ");
}

/** A document that is nothing but its text, which stands elsewhere, is not worth a card. */
export function hasFacts(document: HtmlView): boolean {
  const { scripts } = document;
  return (
    document.text !== "" ||
    document.hiddenText !== "" ||
    document.hiddenBy.length + document.forms.length + document.smuggling.length > 0 ||
    document.base + document.refresh !== "" ||
    document.objects + document.blobUrls + document.invisibleCharacters > 0 ||
    scripts.inDocument + scripts.loaded + scripts.handlers + scripts.addresses > 0 ||
    document.wasCut
  );
}
