// Assign, comment, close, reopen: each a dialog with an optional comment that goes into the history.
import { FormGroup, FormSelect, FormSelectOption, TextArea } from "@patternfly/react-core";
import { useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { useLoaded } from "../api/use_loaded";
import { useSession } from "../session";
import { ActionDialog } from "../ui/action_dialog";
import { ProblemAlert } from "../ui/parts";

export type AlertAction = "assign" | "comment" | "close" | "reopen";

const words: Record<AlertAction, { title: string; verb: string; note?: string }> = {
  assign: { title: "Assign the alert", verb: "Assign" },
  comment: { title: "Comment on the alert", verb: "Add comment" },
  close: { title: "Close the alert", verb: "Close alert", note: "The alert becomes Processed, by you." },
  reopen: { title: "Reopen the alert", verb: "Reopen", note: "The alert becomes In process and is assigned to you." },
};

function send(id: string, action: AlertAction, assignee: string, comment: string): Promise<unknown> {
  const params = { path: { alert_id: id } };
  const optional = comment === "" ? {} : { comment };
  switch (action) {
    case "assign":
      return call(client.POST("/alerts/{alert_id}/assign", { params, body: { assignee_id: assignee, ...optional } }));
    case "comment":
      return call(client.POST("/alerts/{alert_id}/comment", { params, body: { comment } }));
    case "close":
      return call(client.POST("/alerts/{alert_id}/close", { params, body: optional }));
    case "reopen":
      return call(client.POST("/alerts/{alert_id}/reopen", { params, body: optional }));
  }
}

export function AlertDialog(properties: {
  alert: Schemas["Alert"];
  action: AlertAction;
  onClose: () => void;
  onDone: () => void;
}) {
  const { alert, action, onClose, onDone } = properties;
  const me = useSession().user;
  const officers = useLoaded("officers", () => call(client.GET("/officers")));
  const [chosen, setChosen] = useState<string>();
  const [comment, setComment] = useState("");
  const items = officers.data?.items ?? [];
  const assignee = chosen ?? alert.assignee?.id ?? (items.some(({ id }) => id === me.id) ? me.id : (items[0]?.id ?? ""));
  const isIncomplete = action === "comment" ? comment.trim() === "" : action === "assign" && assignee === "";
  return (
    <ActionDialog
      title={words[action].title}
      verb={words[action].verb}
      isDisabled={isIncomplete}
      onClose={onClose}
      run={async () => {
        await send(alert.id, action, assignee, comment.trim());
        onDone();
      }}
    >
      {words[action].note !== undefined && <p>{words[action].note}</p>}
      {action === "assign" && (
        <FormGroup label="Assign to" fieldId="assignee" isRequired>
          <ProblemAlert problem={officers.problem} onRetry={officers.reload} />
          <FormSelect id="assignee" value={assignee} onChange={(_event, value) => setChosen(value)}>
            {items.map(({ id, name }) => (
              <FormSelectOption key={id} value={id} label={id === me.id ? `${name} (me)` : name} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
      <FormGroup label="Comment" fieldId="comment" isRequired={action === "comment"}>
        <TextArea
          id="comment"
          value={comment}
          maxLength={4000}
          rows={4}
          resizeOrientation="vertical"
          onChange={(_event, value) => setComment(value)}
        />
      </FormGroup>
    </ActionDialog>
  );
}
