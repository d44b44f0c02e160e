import { describe, expect, it } from "vitest";
import { isFiltered, statesOf, toAlertQuery, withFilter, withoutFilters } from "../src/pages/alert_query";

const address = (text: string) => new URLSearchParams(text);

describe("the filters of the alert list", () => {
  it("hide processed alerts unless asked", () => {
    expect(toAlertQuery(address(""))).toEqual({ state: ["new", "in_process"], limit: 50 });
    expect(toAlertQuery(address("state=processed"))).toEqual({ state: ["processed"], limit: 50 });
    expect(toAlertQuery(address("state=all"))).toEqual({ limit: 50 });
    expect(statesOf(address("state=all"))).toEqual([]);
  });
  it("send only what was filled in", () => {
    expect(toAlertQuery(address("state=all&sender=+ann+&q=&importance=high&importance=low"))).toEqual({
      importance: ["high", "low"],
      sender: "ann",
      limit: 50,
    });
  });
  it("drop values that the API does not know", () => {
    expect(toAlertQuery(address("state=all&order=sideways&inspected=perhaps&limit=7&from=soon"))).toEqual({ limit: 50 });
  });
  it("send local times as instants", () => {
    const query = toAlertQuery(address("state=all&from=2026-11-24T10:00"));
    expect(query.created_from).toBe(new Date("2026-11-24T10:00").toISOString());
  });
  it("start the pages anew when one changes", () => {
    expect(withFilter(address("cursor=abc&q=x"), "q", ["y"]).toString()).toBe("q=y");
    expect(withFilter(address("cursor=abc&q=x"), "q", [""]).toString()).toBe("");
  });
  it("can all be cleared, which keeps order and page size", () => {
    expect(isFiltered(address("order=created_asc&limit=20"))).toBe(false);
    expect(withoutFilters(address("order=created_asc&q=x&state=all&cursor=c&limit=20")).toString()).toBe(
      "order=created_asc&limit=20",
    );
  });
});
