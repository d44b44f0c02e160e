// Form fields with their label, their help and what the server found wrong beside them.
import { FormGroup, FormSelect, FormSelectOption, TextInput, type TextInputProps } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { FieldHelp } from "./parts";

interface Common {
  id: string;
  label: string;
  error?: string | undefined;
  help?: ReactNode;
  isRequired?: boolean;
  labelHelp?: ReactNode;
}

export function TextField(
  properties: Common & { value: string; onChange: (value: string) => void; isShort?: boolean } & Pick<
      TextInputProps,
      "type" | "autoComplete" | "autoFocus" | "placeholder" | "isDisabled" | "inputMode" | "maxLength"
    >,
) {
  const { id, label, error, help, isRequired, labelHelp, onChange, isShort, ...input } = properties;
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired === true} labelHelp={labelHelp as never}>
      <TextInput
        id={id}
        isRequired={isRequired === true}
        validated={error === undefined ? "default" : "error"}
        aria-describedby={`${id}-help`}
        className={isShort === true ? "wp-short" : undefined}
        onChange={(_event, value) => onChange(value)}
        {...input}
      />
      <FieldHelp id={`${id}-help`} error={error} help={help} />
    </FormGroup>
  );
}

export function ChoiceField<T extends string>(
  properties: Common & {
    value: T;
    choices: readonly { value: T; label: string }[];
    onChange: (value: T) => void;
    isDisabled?: boolean;
  },
) {
  const { id, label, error, help, value, choices, onChange, isDisabled } = properties;
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect
        id={id}
        value={value}
        isDisabled={isDisabled === true}
        validated={error === undefined ? "default" : "error"}
        aria-describedby={`${id}-help`}
        onChange={(_event, chosen) => onChange(chosen as T)}
      >
        {choices.map((choice) => (
          <FormSelectOption key={choice.value} value={choice.value} label={choice.label} />
        ))}
      </FormSelect>
      <FieldHelp id={`${id}-help`} error={error} help={help} />
    </FormGroup>
  );
}

/** A text file that is read in the browser, such as a certificate. */
export function FileField(properties: Common & { accept: string; hasValue: boolean; onText: (text: string, name: string) => void; onClear: () => void }) {
  const { id, label, error, help, accept, hasValue, isRequired, onText, onClear } = properties;
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired === true}>
      <div className="wp-actions">
        <input
          id={id}
          type="file"
          accept={accept}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-help`}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file === undefined) {
              onClear(); // the choice was taken back
            } else {
              void file.text().then((text) => onText(text, file.name), onClear);
            }
          }}
        />
        {hasValue && (
          <button
            type="button"
            className="wp-link-button"
            onClick={() => {
              const input = document.getElementById(id) as HTMLInputElement | null;
              if (input !== null) {
                input.value = "";
              }
              onClear();
            }}
          >
            Remove
          </button>
        )}
      </div>
      <FieldHelp id={`${id}-help`} error={error} help={help} />
    </FormGroup>
  );
}
