// What there is of one saved mailbox: its settings, and what happened to it. The address says which is shown.
import { Tab, TabContent, Tabs, TabTitleText } from "@patternfly/react-core";
import type { ReactNode } from "react";
import type { Schemas } from "../api/client";
import { navigate, useAddress } from "../router";
import { MailboxPolls } from "./mailbox_polls";
import { MailboxServer } from "./mailbox_server";
import { MailboxSetAside } from "./mailbox_set_aside";

const views = ["settings", "polls", "server", "set-aside"] as const;
type View = (typeof views)[number];

const titles: Record<View, string> = {
  settings: "Settings",
  polls: "Polls",
  server: "The server",
  "set-aside": "Set aside",
};

export function MailboxTabs({ sensorId, mailbox, form }: { sensorId: string; mailbox: Schemas["Mailbox"]; form: ReactNode }) {
  const { path, query } = useAddress();
  const wanted = query.get("show");
  const shown = views.find((view) => view === wanted) ?? "settings";
  const show = (view: View) => {
    const changed = new URLSearchParams(query);
    if (view === "settings") {
      changed.delete("show");
    } else {
      changed.set("show", view);
    }
    const text = changed.toString();
    navigate(text === "" ? path : `${path}?${text}`, "replace");
  };
  return (
    <div className="wp-stack">
      <Tabs activeKey={shown} onSelect={(_event, key) => show(key as View)} aria-label="What to show of the mailbox">
        {views.map((view) => (
          <Tab key={view} eventKey={view} tabContentId={`mailbox-${view}`} title={<TabTitleText>{titles[view]}</TabTitleText>} />
        ))}
      </Tabs>
      {/* The form stays: what was typed there is not lost by looking at the polls. */}
      <TabContent id="mailbox-settings" eventKey="settings" activeKey={shown} hidden={shown !== "settings"}>
        {form}
      </TabContent>
      {shown !== "settings" && (
        <TabContent id={`mailbox-${shown}`} eventKey={shown} activeKey={shown}>
          {shown === "polls" && <MailboxPolls sensorId={sensorId} mailboxId={mailbox.id} />}
          {shown === "server" && <MailboxServer sensorId={sensorId} mailboxId={mailbox.id} />}
          {shown === "set-aside" && <MailboxSetAside sensorId={sensorId} mailboxId={mailbox.id} />}
        </TabContent>
      )}
    </div>
  );
}
