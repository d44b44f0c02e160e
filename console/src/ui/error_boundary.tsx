// Around a page: where showing it fails, says so in plain words with a way on, in place of a blank window.
import { Alert, Button, ExpandableSection } from "@patternfly/react-core";
import { Component, type ReactNode } from "react";
import { HostileBlock } from "../text/hostile_text";
import { Page } from "./parts";

/** What somebody who mends it wants to know. Its text may quote a message, so it is shown as hostile. */
function describe(error: unknown, place: string, version: string | undefined): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [what, `at ${place.replace(/\?$/, "")}`, `Watchpost ${version ?? "of unknown version"}, ${new Date().toISOString()}`].join("\n");
}

interface Home {
  path: string;
  title: string;
}

function FailedPage({ details, home }: { details: string; home: Home | undefined }) {
  return (
    <Page title="This page cannot be shown">
      <Alert variant="danger" isInline isLiveRegion title="The console made a mistake while it showed this page">
        <p>Watchpost itself goes on: mail is collected and inspected, and what you saved is saved.</p>
        <p>Reload the page. If it happens again, give whoever looks after this Watchpost the lines under Details.</p>
      </Alert>
      <div className="wp-actions">
        <Button onClick={() => window.location.reload()}>Reload the page</Button>
        {home !== undefined && (
          <Button variant="secondary" component="a" href={home.path}>
            Go to {home.title}
          </Button>
        )}
      </div>
      <ExpandableSection toggleText="Details">
        <HostileBlock text={details} label="Details of the mistake" />
      </ExpandableSection>
    </Page>
  );
}

interface Properties {
  /** The address of what is shown: another one is another try. */
  place: string;
  version?: string | undefined;
  /** Another page, which may work: it is loaded anew, as nothing of ours is trusted any more. */
  home?: Home | undefined;
  children: ReactNode;
}

/** A class, since React has nothing else for it. */
export class ErrorBoundary extends Component<Properties, { hasFailed: boolean; error?: unknown }> {
  override state: { hasFailed: boolean; error?: unknown } = { hasFailed: false };

  static getDerivedStateFromError(error: unknown) {
    return { hasFailed: true, error };
  }

  override componentDidUpdate(before: Properties) {
    if (this.state.hasFailed && before.place !== this.props.place) {
      this.setState({ hasFailed: false, error: undefined });
    }
  }

  override render() {
    const { place, version, home, children } = this.props;
    if (!this.state.hasFailed) {
      return children;
    }
    const isElsewhere = home !== undefined && place.split("?")[0] !== home.path;
    return <FailedPage details={describe(this.state.error, place, version)} home={isElsewhere ? home : undefined} />;
  }
}
