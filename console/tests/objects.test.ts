import { describe, expect, it } from "vitest";
import { findingsOf, firstForm, isMacroSource, wayOf } from "../src/pages/object_facts";
import { fromBase64, hexRows } from "../src/text/hex";
import { vbaPieces } from "../src/text/vba";

const part = (path: string, real_type = "") => ({ path, reading: "strict", type: "", real_type, filename: "", size: 1, sha256: "" });

describe("the way of an object", () => {
  it("has a step a container, with its name as it was", () => {
    const outer = { ...part("2"), filename: "outer.zip" };
    expect(wayOf(part("2!a%21b.zip!%25.exe"), [part("1"), outer])).toEqual(["2 outer.zip", "a!b.zip", "%.exe"]);
    expect(wayOf(part("1.2"), [])).toEqual(["1.2"]);
  });
  it("keeps a step that is no encoding of ours", () => {
    expect(wayOf(part("1!%E0%A4"), [])).toEqual(["1", "%E0%A4"]);
  });
});

describe("the first preview of an object", () => {
  it("follows its real type", () => {
    expect(firstForm(part("1", "image/png"))).toBe("image");
    expect(firstForm(part("1", "image/svg+xml"))).toBe("text");
    expect(firstForm(part("1", "text/html"))).toBe("text");
    expect(firstForm(part("1", "application/x-dosexec"))).toBe("octets");
    expect(firstForm(part("1"))).toBe("octets");
  });
  it("knows the source of a macro", () => {
    expect(isMacroSource(part("2!Macros/VBA/Module1/source.vba"))).toBe(true);
    expect(isMacroSource(part("2!source.vba.exe"))).toBe(false);
  });
  it("has the findings of its own reading", () => {
    const finding = (path: string, reading: string) => ({ part: path, reading }) as Parameters<typeof findingsOf>[1][number];
    const all = [finding("2", "strict"), finding("2", "bare_cr"), finding("", "strict")];
    expect(findingsOf(part("2"), all)).toEqual([all[0]]);
    expect(findingsOf(part(""), all)).toEqual([]);
  });
});

describe("octets", () => {
  const octets = fromBase64(btoa("MZ\0<img>".repeat(3)));
  it("stand in rows of sixteen", () => {
    const rows = hexRows(octets, 0, 4096);
    expect(rows.map((row) => row.offset)).toEqual(["00000000", "00000010"]);
    expect(rows[0]?.digits).toBe("4d 5a 00 3c 69 6d 67 3e  4d 5a 00 3c 69 6d 67 3e");
    expect(rows[0]?.text).toBe("MZ.<img>MZ.<img>");
    expect(rows[1]?.digits.length).toBe(48);
  });
  it("are shown a page at a time", () => {
    expect(hexRows(octets, 16, 16).map((row) => row.text)).toEqual(["MZ.<img>"]);
    expect(hexRows(octets, 64, 16)).toEqual([]);
  });
});

describe("the source of macros", () => {
  const kinds = (source: string) => vbaPieces(source).map(({ text, kind }) => [kind, text]);
  it("is told apart", () => {
    expect(kinds('Sub AutoOpen() \' go\nShell "cmd ""x"""')).toEqual([
      ["keyword", "Sub"],
      ["plain", " "],
      ["starts", "AutoOpen"],
      ["plain", "() "],
      ["comment", "' go"],
      ["plain", "\n"],
      ["suspicious", "Shell"],
      ["plain", " "],
      ["string", '"cmd ""x"""'],
    ]);
  });
  it("knows Rem at the start of a line only, and words as a whole only", () => {
    expect(kinds("Rem Shell\nx")).toEqual([["comment", "Rem Shell"], ["plain", "\nx"]]);
    expect(kinds("a.Rem\nShellX")).toEqual([["plain", "a.Rem\nShellX"]]);
  });
  it("loses nothing, whatever it is", () => {
    for (const source of ["", '"', "'", '"a\n"b', "\r\n<script>", "\u202eShell", "x".repeat(1000) + '"'.repeat(999)]) {
      expect(vbaPieces(source).map(({ text }) => text).join("")).toBe(source);
    }
  });
});
