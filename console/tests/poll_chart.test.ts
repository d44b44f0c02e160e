import { describe, expect, it } from "vitest";
import { chartPoints, describeChart, formatRate, scale } from "../src/pages/poll_chart";

const poll = (minute: number, collected: number, left = 0, result: "ok" | "failed" = "ok") => ({
  number: minute,
  began_at: new Date(Date.UTC(2026, 10, 24, 6, minute)).toISOString(),
  duration_ms: 100,
  result,
  steps: [],
  links: 1,
  listed: 0,
  known: 0,
  collected,
  octets: 0,
  fetched_again: 0,
  refused: 0,
  deleted: 0,
  left,
  set_aside: 0,
});

describe("the chart of a mailbox", () => {
  it("counts messages a minute since the poll before, oldest first", () => {
    const points = chartPoints([poll(6, 8), poll(2, 3), poll(1, 100)]);
    expect(points.map((point) => point.perMinute)).toEqual([0, 3, 2]);
  });

  it("has no rate where the clock went back", () => {
    expect(chartPoints([poll(1, 5), poll(2, 5)]).map((point) => point.perMinute)).toEqual([0, 0]);
  });

  it("scales to the most, and nothing to nothing", () => {
    expect(scale([0, 5, 10])).toEqual([{ x: 0, y: 0 }, { x: 0.5, y: 0.5 }, { x: 1, y: 1 }]);
    expect(scale([0])).toEqual([{ x: 0.5, y: 0 }]);
    expect(scale([])).toEqual([]);
  });

  it("says in words what it shows", () => {
    expect(describeChart([])).toBe("No poll yet.");
    expect(describeChart(chartPoints([poll(3, 4, 2, "failed"), poll(2, 1, 7), poll(1, 1)]))).toBe(
      "The last 3 polls. At most 4 messages a minute, 4 at the last poll. At most 7 messages waited at the server, 2 after the last poll. 1 poll failed.",
    );
  });

  it("writes rates with as many digits as tell something", () => {
    expect([0, 0.123, 3.44, 12, 1234].map(formatRate)).toEqual(["0", "0.12", "3.4", "12", "1,234"]);
  });
});
