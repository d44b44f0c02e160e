// Who is signed in, and what that person may do. The server decides; the console only hides what
// would be refused.
import { createContext, useContext } from "react";
import type { Schemas } from "./api/client";

export type Session = Schemas["Session"];
export type Role = Schemas["Role"];

export const roleNames: Record<Role, string> = {
  administrator: "Administrator",
  senior_security_officer: "Senior security officer",
  security_officer: "Security officer",
  security_auditor: "Security auditor",
};

export type Right =
  | "see_alerts"
  | "work_on_alerts"
  | "download_raw"
  | "see_sensors"
  | "manage_sensors"
  | "see_yara"
  | "manage_yara"
  | "see_users"
  | "manage_users"
  | "see_settings"
  | "manage_settings"
  | "see_status";

const rights: Record<Right, Role[]> = {
  see_alerts: ["senior_security_officer", "security_officer", "security_auditor"],
  work_on_alerts: ["senior_security_officer", "security_officer"],
  download_raw: ["senior_security_officer", "security_officer", "security_auditor"],
  see_sensors: ["administrator", "security_auditor"],
  manage_sensors: ["administrator"],
  see_yara: ["senior_security_officer", "security_officer", "security_auditor"],
  manage_yara: ["senior_security_officer"],
  see_users: ["administrator", "security_auditor"],
  manage_users: ["administrator"],
  see_settings: ["administrator", "security_auditor"],
  manage_settings: ["administrator"],
  see_status: ["administrator", "senior_security_officer", "security_officer", "security_auditor"],
};

export function mayRoles(roles: Role[], right: Right): boolean {
  return roles.some((role) => rights[right].includes(role));
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) {
    throw new Error("used outside of a session");
  }
  return session;
}

export function useMay(right: Right): boolean {
  return mayRoles(useSession().roles, right);
}
