// The raw message, in a zip that no mail program or scanner opens by accident.
import { Button } from "@patternfly/react-core";
import DownloadIcon from "@patternfly/react-icons/dist/esm/icons/download-icon";
import { call, client, type Schemas } from "../api/client";
import { saveBlob } from "../api/save_blob";
import { formatBytes } from "../text/format";
import { ProblemAlert } from "../ui/parts";
import { useAttempt } from "../ui/use_attempt";

export function RawDownload({ alert, onDone }: { alert: Schemas["AlertDetail"]; onDone: () => void }) {
  const { problem, isBusy, run } = useAttempt(async () => {
    const zip = await call(client.GET("/alerts/{alert_id}/raw", { params: { path: { alert_id: alert.id } }, parseAs: "blob" }));
    saveBlob(zip as unknown as Blob, `watchpost-${alert.message_id}.zip`);
    onDone();
  });
  return (
    <div className="wp-stack">
      <div className="wp-actions">
        <Button
          variant="secondary"
          icon={<DownloadIcon />}
          isDisabled={!alert.content_available || isBusy}
          isLoading={isBusy}
          onClick={() => void run()}
        >
          Download raw message
        </Button>
        <span className="wp-faint">
          {alert.content_available
            ? `${formatBytes(alert.octets)} in a zip encrypted with the password “infected”. It may be dangerous: open it only where nothing can be harmed. The download goes into the history.`
            : "The raw message is not kept any more."}
        </span>
      </div>
      <ProblemAlert problem={problem} />
    </div>
  );
}
