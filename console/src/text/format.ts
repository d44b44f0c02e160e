// Figures and times as people read them. Times are shown in the browser's zone, and in UTC on pointing.

const moment = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export function formatTime(time: string | undefined): string {
  if (time === undefined || time === "") {
    return "–";
  }
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : moment.format(date);
}

export function formatBytes(count: number | undefined): string {
  if (count === undefined) {
    return "–";
  }
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${count} bytes` : `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function formatCount(count: number | undefined): string {
  return count === undefined ? "–" : count.toLocaleString("en-GB");
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${milliseconds} ms`;
  }
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** "1,000+" where the API stopped counting. */
export function formatTotal(total: number, isCapped: boolean): string {
  return formatCount(total) + (isCapped ? "+" : "");
}

/** Groups of two, as certificate viewers and other servers show a fingerprint. */
export function formatFingerprint(hex: string): string {
  const digits = hex.replace(/^sha256:/i, "").replaceAll(":", "");
  return /^[0-9a-fA-F]+$/.test(digits) ? (digits.toUpperCase().match(/.{1,2}/g) ?? []).join(":") : hex;
}
