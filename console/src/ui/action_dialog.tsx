// A dialog for one action: its fields, what went wrong, and a button that says what it does.
import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { type ReactNode, useId, useState } from "react";
import { type ApiProblem, attempt } from "../api/client";
import { ProblemAlert } from "./parts";

export function ActionDialog(properties: {
  title: string;
  verb: string;
  isDanger?: boolean;
  isWide?: boolean;
  isDisabled?: boolean;
  /** Shown instead of the usual alert, such as field errors beside their fields. */
  onProblem?: (problem: ApiProblem | undefined) => boolean;
  onClose: () => void;
  run: () => Promise<void>;
  children: ReactNode;
}) {
  const { title, verb, isDanger, isWide, isDisabled, onProblem, onClose, run, children } = properties;
  const id = useId();
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);

  const submit = async () => {
    setBusy(true);
    setProblem(undefined);
    onProblem?.(undefined);
    const refusal = await attempt(run);
    if (refusal === undefined) {
      onClose();
      return;
    }
    if (onProblem?.(refusal) !== true) {
      setProblem(refusal);
    }
    setBusy(false);
  };
  return (
    <Modal
      isOpen
      onClose={onClose}
      variant={isWide === true ? "medium" : "small"}
      aria-labelledby={`${id}-title`}
      elementToFocus={["input", "select", "textarea"].map((kind) => `[id="${id}-form"] ${kind}`).join(", ") + `, [id="${id}-cancel"]`}
    >
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody>
        <div className="wp-stack">
          <ProblemAlert problem={problem} />
          <Form
            id={`${id}-form`}
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            {children}
          </Form>
        </div>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={`${id}-form`}
          variant={isDanger === true ? "danger" : "primary"}
          isLoading={isBusy}
          isDisabled={isBusy || isDisabled === true}
        >
          {verb}
        </Button>
        <Button id={`${id}-cancel`} variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
