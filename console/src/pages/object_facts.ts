// What is known of an object of a message before it is taken out of it again.
import type { Schemas } from "../api/client";

type Part = Schemas["PartInfo"];
export type ViewForm = Schemas["ObjectView"]["as"];

const images = new Set(["image/png", "image/jpeg", "image/gif", "image/bmp", "image/x-ms-bmp", "image/webp"]);
const texts = /^(text\/|application\/(json|xml|xhtml\+xml|javascript|x-javascript|rtf)$|message\/)|\+xml$/;

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step; // no name of ours: shown as it is
  }
}

/** From the message's part, with its name, inwards: "2!in.zip!a%21.exe" is "2 out.zip", "in.zip", "a!.exe". */
export function wayOf(part: Part, parts: Part[]): string[] {
  const [section = "", ...members] = part.path.split("!");
  const outermost = parts.find((one) => one.path === section && one.reading === part.reading);
  const name = outermost?.filename ?? "";
  return [name === "" ? section : `${section} ${name}`, ...members.map(decoded)];
}

export function isMacroSource(part: Part): boolean {
  return part.path.toLowerCase().endsWith("/source.vba");
}

/** How it is shown at first. */
export function firstForm(part: Part): ViewForm {
  const type = part.real_type ?? "";
  if (images.has(type)) {
    return "image";
  }
  return texts.test(type) ? "text" : "octets";
}

/** What the engines found in it, in its reading. */
export function findingsOf(part: Part, findings: Schemas["Finding"][]): Schemas["Finding"][] {
  return findings.filter((finding) => finding.part === part.path && part.path !== "" && (finding.reading ?? "strict") === part.reading);
}
