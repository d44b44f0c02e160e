import { describe, expect, it } from "vitest";
import { byReading, toReadingRows } from "../src/pages/reading_rows";

const part = (path: string, reading = "strict", filename = "") => ({
  path, reading, type: "text/plain", filename, size: 1, sha256: path + reading,
});

describe("two readings side by side", () => {
  it("have the leaves of both by path, and the same one where both have it", () => {
    const parts = [part("1"), part("2"), part("10"), part("2!a.zip!x")];
    const reading = { name: "r", part: "", explanation: [], adds: [part("2", "r", "a.exe"), part("3", "r")], lacks: ["2"] };
    const rows = toReadingRows(parts, reading);
    expect(rows.map((row) => row.path)).toEqual(["1", "2", "3", "10"]);
    expect(rows[0]?.other).toBe(rows[0]?.strict);
    expect(rows[1]?.other?.filename).toBe("a.exe");
    expect(rows[2]?.strict).toBeUndefined();
  });
  it("of a stored message are its own leaves alone", () => {
    const parts = [part("1"), part("2"), part("2!1"), part("2!2"), part("2!2!x")];
    const reading = { name: "r", part: "2", explanation: [], adds: [], lacks: ["2!2"] };
    const rows = toReadingRows(parts, reading);
    expect(rows.map((row) => row.path)).toEqual(["2!1", "2!2"]);
    expect(rows[1]?.other).toBeUndefined();
  });
});

describe("the trees of parts", () => {
  it("are one a reading, the strict one first", () => {
    const groups = byReading([part("1"), part("2", "r"), part("2"), part("3", "")]);
    expect(groups.map((group) => [group.reading, group.parts.map((each) => each.path)])).toEqual([
      ["strict", ["1", "2", "3"]],
      ["r", ["2"]],
    ]);
  });
});
