import { describe, expect, it } from "vitest";
import { expiryOf } from "../src/text/expiry";

const now = Date.parse("2026-11-24T06:00:00Z");

describe("the expiry of a certificate", () => {
  it("says how many days are left, and warns in the last thirty", () => {
    expect(expiryOf("2027-11-24T07:00:00Z", now)).toEqual({ words: "Ends in 365 days", color: "green" });
    expect(expiryOf("2026-12-24T06:00:00Z", now)).toEqual({ words: "Ends in 30 days", color: "green" });
    expect(expiryOf("2026-12-24T05:00:00Z", now)).toEqual({ words: "Ends in 29 days", color: "yellow" });
    expect(expiryOf("2026-11-25T07:00:00Z", now)).toEqual({ words: "Ends in 1 day", color: "yellow" });
    expect(expiryOf("2026-11-24T07:00:00Z", now)).toEqual({ words: "Ends within a day", color: "yellow" });
  });

  it("says what has ended, and nothing of what is no time", () => {
    expect(expiryOf("2026-11-24T05:00:00Z", now)).toEqual({ words: "Has ended", color: "red" });
    expect(expiryOf("what?", now)).toBeUndefined();
  });
});
