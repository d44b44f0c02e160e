// How long a certificate still counts.

const dayMs = 86_400_000;

/** How long it still counts; yellow and red where somebody should see to it. */
export function expiryOf(notAfter: string, now: number): { words: string; color: "green" | "yellow" | "red" } | undefined {
  const days = Math.floor((new Date(notAfter).getTime() - now) / dayMs);
  if (Number.isNaN(days)) {
    return undefined;
  }
  if (days < 0) {
    return { words: "Has ended", color: "red" };
  }
  return { words: days === 0 ? "Ends within a day" : days === 1 ? "Ends in 1 day" : `Ends in ${days.toLocaleString("en-GB")} days`, color: days < 30 ? "yellow" : "green" };
}
