// Two readings of one message beside each other: which leaf stands where in either.
import type { Schemas } from "../api/client";

type Part = Schemas["PartInfo"];
type Reading = Schemas["Reading"];

export interface ReadingRow {
  path: string;
  strict?: Part;
  other?: Part;
}

/** The leaves of the message itself, or of the stored message that is read so; not those inside its files. */
function isLeafOf(message: string, path: string): boolean {
  const inner = message === "" ? path : path.startsWith(`${message}!`) ? path.slice(message.length + 1) : "!";
  return !inner.includes("!");
}

/** By path, as IMAP numbers parts: 2 comes before 10. */
function comparePaths(one: string, two: string): number {
  return one.localeCompare(two, "en", { numeric: true });
}

export function toReadingRows(parts: Part[], reading: Reading): ReadingRow[] {
  const rows = new Map<string, ReadingRow>();
  const row = (path: string) => {
    const known = rows.get(path) ?? { path };
    rows.set(path, known);
    return known;
  };
  for (const part of parts) {
    if (part.reading === "strict" && isLeafOf(reading.part, part.path)) {
      const both = row(part.path);
      both.strict = part;
      if (!reading.lacks.includes(part.path)) {
        both.other = part;
      }
    }
  }
  for (const part of reading.adds) {
    row(part.path).other = part;
  }
  return [...rows.values()].sort((one, two) => comparePaths(one.path, two.path));
}

/** The parts of each reading by itself: paths of two readings may be the same. */
export function byReading(parts: Part[]): { reading: string; parts: Part[] }[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const reading = part.reading === "" ? "strict" : part.reading;
    groups.set(reading, [...(groups.get(reading) ?? []), part]);
  }
  return [...groups].map(([reading, group]) => ({ reading, parts: group }));
}
