// The figures of the small chart of a mailbox: how many messages a minute came, and how many wait at the server.
import type { Schemas } from "../api/client";

type Poll = Schemas["PollRecord"];

export interface ChartPoint {
  at: number;
  perMinute: number;
  backlog: number;
  hasFailed: boolean;
}

/** Oldest first. The oldest poll has no rate of its own: nobody knows since when its messages had come in. */
export function chartPoints(newestFirst: readonly Poll[]): ChartPoint[] {
  const polls = [...newestFirst].reverse();
  return polls.map((poll, index) => {
    const at = Date.parse(poll.began_at);
    const before = polls[index - 1];
    const minutes = before === undefined ? 0 : (at - Date.parse(before.began_at)) / 60_000;
    return { at, perMinute: minutes > 0 ? poll.collected / minutes : 0, backlog: poll.left, hasFailed: poll.result === "failed" };
  });
}

export interface Scaled {
  /** 0 to 1, from the left; polls stand at even distances, however far apart they were. */
  x: number;
  /** 0 to 1, from below. */
  y: number;
}

export function scale(values: readonly number[]): Scaled[] {
  const most = Math.max(...values, 0);
  return values.map((value, index) => ({
    x: values.length < 2 ? 0.5 : index / (values.length - 1),
    y: most === 0 ? 0 : value / most,
  }));
}

/** 1,234 · 12 · 3.4 · 0.12 */
export function formatRate(rate: number): string {
  return rate.toLocaleString("en-GB", { maximumSignificantDigits: rate >= 1000 ? 6 : 2, maximumFractionDigits: 0, roundingPriority: "morePrecision" } as Intl.NumberFormatOptions);
}

/** What the chart shows, for whoever does not see it. */
export function describeChart(points: readonly ChartPoint[]): string {
  const last = points.at(-1);
  if (last === undefined) {
    return "No poll yet.";
  }
  const most = Math.max(...points.map((point) => point.perMinute));
  const waiting = Math.max(...points.map((point) => point.backlog));
  const failed = points.filter((point) => point.hasFailed).length;
  return [
    `The last ${points.length} polls.`,
    `At most ${formatRate(most)} messages a minute, ${formatRate(last.perMinute)} at the last poll.`,
    `At most ${waiting} messages waited at the server, ${last.backlog} after the last poll.`,
    failed === 0 ? "No poll failed." : `${failed} ${failed === 1 ? "poll" : "polls"} failed.`,
  ].join(" ");
}
