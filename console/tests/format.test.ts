import { describe, expect, it } from "vitest";
import { matchPath } from "../src/router";
import { formatBytes, formatFingerprint, formatTotal } from "../src/text/format";

describe("figures", () => {
  it("say where the count was capped", () => {
    expect(formatTotal(1000, true)).toBe("1,000+");
    expect(formatTotal(12, false)).toBe("12");
  });
  it("show bytes in the unit that fits", () => {
    expect(formatBytes(0)).toBe("0 bytes");
    expect(formatBytes(1536)).toBe("1.5 KiB");
    expect(formatBytes(268435456)).toBe("256 MiB");
    expect(formatBytes(undefined)).toBe("–");
  });
  it("group a fingerprint, and leave alone what is none", () => {
    expect(formatFingerprint("0aff10")).toBe("0A:FF:10");
    expect(formatFingerprint("sha256:0aff")).toBe("0A:FF");
    expect(formatFingerprint("none yet")).toBe("none yet");
  });
});

describe("paths", () => {
  it("match by their words and give the others by name", () => {
    expect(matchPath("/alerts/:id", "/alerts/01J")).toEqual({ id: "01J" });
    expect(matchPath("/alerts", "/alerts/")).toEqual({});
    expect(matchPath("/alerts/:id", "/alerts")).toBeUndefined();
    expect(matchPath("/users", "/alerts")).toBeUndefined();
  });
});
