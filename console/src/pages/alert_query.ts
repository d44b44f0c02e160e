// The filters of the alert list: one text in the address bar, one query of the API.
import type { operations } from "../generated/api";

export type AlertQuery = NonNullable<operations["listAlerts"]["parameters"]["query"]>;
type Words = "assignee" | "sender" | "recipient" | "subject" | "q";

export const wordFilters: { key: Words; label: string }[] = [
  { key: "q", label: "Any words" },
  { key: "sender", label: "Sender" },
  { key: "recipient", label: "Recipient" },
  { key: "subject", label: "Subject" },
];

export const defaultStates = ["new", "in_process"];
export const pageSizes = [20, 50, 100, 200];

/** Without `state` in the address, processed alerts are hidden; `state=all` shows every one. */
export function statesOf(address: URLSearchParams): string[] {
  const states = address.getAll("state");
  if (states.length === 0) {
    return defaultStates;
  }
  return states.includes("all") ? [] : states;
}

/** A local time of an input field, as the API wants it; nothing where it cannot be read. */
function toInstant(text: string | null): string | undefined {
  if (text === null || text === "") {
    return undefined;
  }
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function known<T extends string>(value: string | null, ...choices: T[]): T | undefined {
  return choices.find((choice) => choice === value);
}

export function toAlertQuery(address: URLSearchParams): AlertQuery {
  const text = (key: string) => address.get(key)?.trim() || undefined;
  const limit = Number(address.get("limit"));
  const query: AlertQuery = {
    state: statesOf(address) as AlertQuery["state"],
    importance: address.getAll("importance") as AlertQuery["importance"],
    engine: address.getAll("engine"),
    inspected: known(address.get("inspected"), "full", "partial"),
    assignee: text("assignee"),
    created_from: toInstant(address.get("from")),
    created_to: toInstant(address.get("to")),
    order: known(address.get("order"), "created_asc", "importance_desc"),
    cursor: text("cursor"),
    limit: pageSizes.includes(limit) ? limit : 50,
  };
  for (const { key } of wordFilters) {
    query[key] = text(key);
  }
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as AlertQuery;
}

/** The address with one filter changed; the page starts anew, since a cursor belongs to its filters. */
export function withFilter(address: URLSearchParams, key: string, values: string[]): URLSearchParams {
  const changed = new URLSearchParams(address);
  changed.delete(key);
  changed.delete("cursor");
  for (const value of values) {
    if (value !== "") {
      changed.append(key, value);
    }
  }
  return changed;
}

const filterKeys = ["state", "importance", "engine", "inspected", "assignee", "from", "to", ...wordFilters.map(({ key }) => key)];

export function isFiltered(address: URLSearchParams): boolean {
  return filterKeys.some((key) => address.has(key));
}

export function withoutFilters(address: URLSearchParams): URLSearchParams {
  const changed = new URLSearchParams(address);
  for (const key of [...filterKeys, "cursor"]) {
    changed.delete(key);
  }
  return changed;
}

/** Whether a raised or changed alert belongs into the first page that is shown: only then it is read anew. */
export function mayShow(address: URLSearchParams): boolean {
  return !address.has("cursor");
}
