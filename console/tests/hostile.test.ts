import { describe, expect, it } from "vitest";
import { defang, hostilePieces } from "../src/text/hostile";

const shown = (text: string, keeps: "one line" | "lines" = "one line") =>
  hostilePieces(text, keeps)
    .map((piece) => (piece.isVisibleControl ? `[${piece.text}]` : piece.text))
    .join("");

describe("hostile text", () => {
  it("is left alone where every character can be seen", () => {
    expect(shown("Grüße, 你好 <script>&amp;")).toBe("Grüße, 你好 <script>&amp;");
  });
  it("shows what would turn the line around", () => {
    expect(shown("invoice\u202efdp.exe")).toBe("invoice[U+202E]fdp.exe");
    expect(shown("a\u2066b\u2069c")).toBe("a[U+2066]b[U+2069]c");
  });
  it("shows controls, escapes and zero-width characters", () => {
    expect(shown("a\u0000b\u001b[31m\u200b\u007f")).toBe("a[␀]b[␛][31m[U+200B][U+007F]");
  });
  it("shows tag characters, which can carry a whole hidden text", () => {
    expect(shown("a\u{e0041}")).toBe("a[U+E0041]");
  });
  it("shows line ends in what has one line, and keeps them in a body", () => {
    expect(shown("a\r\nb")).toBe("a[␍][␊]b");
    expect(shown("a\r\nb\n\tc\rd", "lines")).toBe("a\nb\n\tc[␍]d");
  });
  it("loses nothing at the ends", () => {
    expect(shown("")).toBe("");
    expect(shown("\u202e")).toBe("[U+202E]");
    expect(shown("\u202ea")).toBe("[U+202E]a");
  });
});

describe("a defanged address", () => {
  it("is nothing that a program opens", () => {
    expect(defang("https://www.evil.example:8080/a.b?c=d.e")).toBe("hxxps://www[.]evil[.]example:8080/a.b?c=d.e");
    expect(defang("HTTP:\\\\evil.example\\x.y")).toBe("hxxp:\\\\evil[.]example\\x.y");
    expect(defang("www.evil.example/x.y")).toBe("www[.]evil[.]example/x.y");
    expect(defang("javascript:alert(1)")).toBe("javascript[:]alert(1)");
    expect(defang("")).toBe("");
  });
});
