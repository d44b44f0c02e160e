// Octets as analysts read them: offset, sixteen pairs of digits, and what of them is printable ASCII.

export interface HexRow {
  offset: string;
  digits: string;
  text: string;
}

export const octetsPerRow = 16;

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The rows of `octets` from `begin` on, at most `count` octets. */
export function hexRows(octets: Uint8Array, begin: number, count: number): HexRow[] {
  const rows: HexRow[] = [];
  const end = Math.min(octets.length, begin + count);
  for (let offset = begin; offset < end; offset += octetsPerRow) {
    const row = [...octets.subarray(offset, Math.min(offset + octetsPerRow, end))];
    const digits = row.map((octet) => octet.toString(16).padStart(2, "0"));
    const halves = [digits.slice(0, 8).join(" "), digits.slice(8).join(" ")];
    rows.push({
      offset: offset.toString(16).padStart(8, "0"),
      digits: halves.join("  ").padEnd(3 * octetsPerRow),
      text: row.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : ".")).join(""),
    });
  }
  return rows;
}
