// One alert: what was found and what helps, the message as text, and what an officer does with it.
import { Button, Label, Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import { useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { useEvent } from "../api/events";
import { useLoaded } from "../api/use_loaded";
import { Link } from "../router";
import { useMay } from "../session";
import { formatTime } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { AlertStateLabel, ImportanceLabel, Loading, Page, ProblemAlert } from "../ui/parts";
import { AlertDialog, type AlertAction } from "./alert_actions";
import { BodyView, FindingsView, HeadersView, HistoryView, OverviewFacts, PartsView, DefectsView, NotInspectedView } from "./alert_parts";
import { ReadingsView } from "./alert_readings";
import { CopyEvidence } from "./copy_parts";
import { toMessageView } from "./message_view";
import { RawDownload } from "./raw_download";

type Detail = Schemas["AlertDetail"];

function Actions({ alert, onAct }: { alert: Detail; onAct: (action: AlertAction) => void }) {
  const may = useMay("work_on_alerts");
  if (!may) {
    return null;
  }
  const isClosed = alert.state === "processed";
  return (
    <>
      {isClosed ? (
        <Button onClick={() => onAct("reopen")}>Reopen</Button>
      ) : (
        <>
          <Button onClick={() => onAct("assign")}>Assign</Button>
          <Button variant="secondary" onClick={() => onAct("close")}>
            Close
          </Button>
        </>
      )}
      <Button variant="secondary" onClick={() => onAct("comment")}>
        Comment
      </Button>
    </>
  );
}

function Content({ alert, onDownloaded }: { alert: Detail; onDownloaded: () => void }) {
  const [tab, setTab] = useState<string | number>("findings");
  const mayOpen = useMay("download_raw");
  const view = toMessageView(alert.message);
  return (
    <Tabs activeKey={tab} onSelect={(_event, key) => setTab(key)} aria-label="Parts of the alert" role="region">
      <Tab eventKey="findings" title={<TabTitleText>Findings ({alert.findings.length})</TabTitleText>}>
        <div className="wp-stack wp-tab">
          <FindingsView findings={alert.findings} />
          <NotInspectedView items={alert.not_inspected} />
          <DefectsView defects={alert.defects} />
        </div>
      </Tab>
      <Tab eventKey="message" title={<TabTitleText>Message text</TabTitleText>}>
        <div className="wp-tab">
          <BodyView view={view} />
        </div>
      </Tab>
      <Tab eventKey="parts" title={<TabTitleText>Parts ({alert.parts.length})</TabTitleText>}>
        <div className="wp-tab wp-stack">
          <PartsView alert={alert} mayOpen={mayOpen} onDownloaded={onDownloaded} />
          <ReadingsView parts={alert.parts} readings={alert.readings} />
        </div>
      </Tab>
      <Tab eventKey="headers" title={<TabTitleText>Headers ({view.fields.length})</TabTitleText>}>
        <div className="wp-tab">
          <HeadersView view={view} />
        </div>
      </Tab>
      <Tab eventKey="history" title={<TabTitleText>History ({alert.history.length})</TabTitleText>}>
        <div className="wp-tab">
          <HistoryView history={alert.history} />
        </div>
      </Tab>
    </Tabs>
  );
}

export function AlertPage({ id }: { id: string }) {
  const { data, problem, isLoading, reload } = useLoaded(id, () =>
    call(client.GET("/alerts/{alert_id}", { params: { path: { alert_id: id } } })),
  );
  const [action, setAction] = useState<AlertAction>();
  const mayDownload = useMay("download_raw");
  useEvent("alert", (changed) => changed.id === id && reload());
  useEvent("resync", reload);

  if (data === undefined) {
    return (
      <Page title="Alert">
        <Link to="/alerts">All alerts</Link>
        <ProblemAlert problem={problem} onRetry={reload} />
        {isLoading && <Loading what="the alert" />}
      </Page>
    );
  }
  const view = toMessageView(data.message);
  return (
    <Page
      title={
        <span className="wp-clip">
          <HostileText text={data.subject} placeholder="No subject" />
        </span>
      }
      actions={<Actions alert={data} onAct={setAction} />}
    >
      <div className="wp-actions">
        <Link to="/alerts">All alerts</Link>
        <ImportanceLabel value={data.importance} />
        <AlertStateLabel value={data.state} />
        {data.inspected === "partial" && (
          <Label color="yellow" isCompact variant="outline">
            Inspected in part
          </Label>
        )}
        {data.assignee && <span>Assigned to {data.assignee.name}</span>}
        <span className="wp-faint">Raised {formatTime(data.created_at)}</span>
      </div>
      <ProblemAlert problem={problem} onRetry={reload} />
      <p className="wp-sentence">
        <HostileText text={data.sentence} />
      </p>
      <OverviewFacts alert={data} view={view} />
      <CopyEvidence copy={view.copy} />
      {mayDownload && <RawDownload alert={data} onDone={reload} />}
      <Content alert={data} onDownloaded={reload} />
      {action && <AlertDialog alert={data} action={action} onClose={() => setAction(undefined)} onDone={reload} />}
    </Page>
  );
}
