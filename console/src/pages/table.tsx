// The pages by address, and the menu.
import type { ReactNode } from "react";
import { matchPath } from "../router";
import { mayRoles, type Right, useSession } from "../session";
import { Nothing, Page } from "../ui/parts";
import { AlertPage } from "./alert";
import { AlertsPage } from "./alerts";
import { CipherHelpPage } from "./cipher_help";
import { SensorPage } from "./sensor";
import { SensorsPage } from "./sensors";
import { SettingsPage } from "./settings";
import { StatusPage } from "./status";
import { UsersPage } from "./users";
import { YaraPage } from "./yara";

export const menu: { path: string; title: string; right: Right }[] = [
  { path: "/alerts", title: "Alerts", right: "see_alerts" },
  { path: "/sensors", title: "Sensor servers", right: "see_sensors" },
  { path: "/yara", title: "YARA rules", right: "see_yara" },
  { path: "/users", title: "Users", right: "see_users" },
  { path: "/settings", title: "Settings", right: "see_settings" },
  { path: "/status", title: "System status", right: "see_status" },
];

interface Route {
  pattern: string;
  right: Right;
  show: (values: Record<string, string>) => ReactNode;
}

const routes: Route[] = [
  { pattern: "/alerts", right: "see_alerts", show: () => <AlertsPage /> },
  { pattern: "/alerts/:id", right: "see_alerts", show: ({ id }) => <AlertPage id={id ?? ""} /> },
  { pattern: "/sensors", right: "see_sensors", show: () => <SensorsPage /> },
  { pattern: "/sensors/:id", right: "see_sensors", show: ({ id }) => <SensorPage key={id} id={id ?? ""} /> },
  { pattern: "/yara", right: "see_yara", show: () => <YaraPage /> },
  { pattern: "/users", right: "see_users", show: () => <UsersPage /> },
  { pattern: "/settings", right: "see_settings", show: () => <SettingsPage /> },
  { pattern: "/status", right: "see_status", show: () => <StatusPage /> },
  { pattern: "/help/cipher-suites", right: "see_sensors", show: () => <CipherHelpPage /> },
];

export function PageOf({ path }: { path: string }) {
  const { roles } = useSession();
  const first = menu.find((entry) => mayRoles(roles, entry.right));
  const wanted = path === "/" ? (first?.path ?? "/") : path;
  for (const route of routes) {
    const values = matchPath(route.pattern, wanted);
    if (values !== undefined) {
      return mayRoles(roles, route.right) ? (
        route.show(values)
      ) : (
        <Page title="Not for your roles">
          <Nothing title="Your roles do not include this page">An Administrator can change them under Users.</Nothing>
        </Page>
      );
    }
  }
  return (
    <Page title="No such page">
      <Nothing title="There is nothing at this address">Choose a section of the menu.</Nothing>
    </Page>
  );
}
