// Small parts that every page uses.
import {
  Alert,
  Bullseye,
  Button,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  EmptyState,
  EmptyStateBody,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Label,
  PageSection,
  Spinner,
  Title,
} from "@patternfly/react-core";
import type { ReactNode } from "react";
import type { ApiProblem, Schemas } from "../api/client";
import { formatTime } from "../text/format";

export function Page({ title, actions, children }: { title: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <>
      <PageSection>
        <div className="wp-between">
          <Title headingLevel="h1">{title}</Title>
          {actions !== undefined && <div className="wp-actions">{actions}</div>}
        </div>
      </PageSection>
      <PageSection isFilled>
        <div className="wp-stack">{children}</div>
      </PageSection>
    </>
  );
}

/** What went wrong and what helps, as the API said it. */
export function ProblemAlert({ problem, onRetry }: { problem: ApiProblem | undefined; onRetry?: () => void }) {
  if (problem === undefined) {
    return null;
  }
  const { title, detail, fields, retry_after_s } = problem.problem;
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      title={title}
      actionLinks={
        onRetry && (
          <Button variant="link" isInline onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {detail !== undefined && <p>{detail}</p>}
      {retry_after_s !== undefined && <p>Try again in {retry_after_s} s.</p>}
      {fields?.map((entry) => (
        <p key={entry.field + entry.message}>{entry.message}</p>
      ))}
    </Alert>
  );
}

/** A time in a narrow column: the day above the hour, and UTC on pointing. */
export function Moment({ at }: { at: string | undefined }) {
  return (
    <time dateTime={at} title={at} className="wp-moment">
      {formatTime(at)
        .split(", ")
        .map((line) => (
          <span key={line}>{line}</span>
        ))}
    </time>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <Bullseye>
      <Spinner aria-label={`Reading ${what}`} />
    </Bullseye>
  );
}

export function Nothing({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <EmptyState titleText={title} headingLevel="h2" variant="sm">
      {children !== undefined && <EmptyStateBody>{children}</EmptyStateBody>}
      {action}
    </EmptyState>
  );
}

/** A line of a DescriptionList. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

/** The help of a field, or what the server found wrong with it. */
export function FieldHelp({ error, help, id }: { error?: string | undefined; help?: ReactNode; id: string }) {
  if (error === undefined && help === undefined) {
    return null;
  }
  return (
    <FormHelperText>
      <HelperText id={id} aria-live="polite">
        <HelperTextItem variant={error === undefined ? "default" : "error"}>{error ?? help}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

const importanceColors = { high: "red", medium: "orange", low: "blue", none: "grey" } as const;
const importanceWords = { high: "High", medium: "Medium", low: "Low", none: "None" } as const;

export function ImportanceLabel({ value }: { value: keyof typeof importanceColors }) {
  return (
    <Label color={importanceColors[value]} isCompact>
      {importanceWords[value]}
    </Label>
  );
}

export const stateWords: Record<Schemas["AlertState"], string> = {
  new: "New",
  in_process: "In process",
  processed: "Processed",
};
const stateColors = { new: "purple", in_process: "teal", processed: "grey" } as const;

export function AlertStateLabel({ value }: { value: Schemas["AlertState"] }) {
  return (
    <Label color={stateColors[value]} isCompact variant={value === "processed" ? "outline" : "filled"}>
      {stateWords[value]}
    </Label>
  );
}
