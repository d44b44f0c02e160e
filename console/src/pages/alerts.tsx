// The list of alerts: filters and page in the address bar, live while the first page is shown.
import {
  Button,
  ExpandableSection,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Label,
  Switch,
  TextInput,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useEffect, useState } from "react";
import { call, client, type Schemas } from "../api/client";
import { useEvent } from "../api/events";
import { useLoaded } from "../api/use_loaded";
import { Link, navigate, useAddress } from "../router";
import { formatTotal } from "../text/format";
import { HostileText } from "../text/hostile_text";
import { Choices } from "../ui/choices";
import { AlertStateLabel, ImportanceLabel, Loading, Moment, Nothing, Page, ProblemAlert, stateWords } from "../ui/parts";
import { CopyMark } from "./copy_parts";
import { isFiltered, mayShow, pageSizes, statesOf, toAlertQuery, withFilter, withoutFilters, wordFilters } from "./alert_query";

const importances = [
  { value: "high", label: "High" },
  { value: "medium", label: "Medium" },
  { value: "low", label: "Low" },
];
const states = (["new", "in_process", "processed"] as const).map((value) => ({ value, label: stateWords[value] }));
const engines = ["attachment", "copies", "yara", "clamav"].map((value) => ({ value, label: value }));

function show(address: URLSearchParams): void {
  const text = address.toString();
  navigate(text === "" ? "/alerts" : `/alerts?${text}`, "replace");
}

/** A text filter that takes effect on Enter or on leaving the field, not on each key. */
function WordFilter({ name, label, type = "search" }: { name: string; label: string; type?: "search" | "datetime-local" }) {
  const { query } = useAddress();
  const inAddress = query.get(name) ?? "";
  const [value, setValue] = useState(inAddress);
  useEffect(() => setValue(inAddress), [inAddress]);
  const apply = () => value !== inAddress && show(withFilter(query, name, [value]));
  return (
    <FormGroup label={label} fieldId={`filter-${name}`}>
      <TextInput
        id={`filter-${name}`}
        type={type}
        maxLength={200}
        value={value}
        onChange={(_event, text) => setValue(text)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </FormGroup>
  );
}

function SelectFilter({ name, label, choices }: { name: string; label: string; choices: [string, string][] }) {
  const { query } = useAddress();
  return (
    <FormGroup label={label} fieldId={`filter-${name}`}>
      <FormSelect
        id={`filter-${name}`}
        value={query.get(name) ?? ""}
        onChange={(_event, value) => show(withFilter(query, name, [value]))}
      >
        {choices.map(([value, text]) => (
          <FormSelectOption key={value} value={value} label={text} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

function Filters({ officers }: { officers: Schemas["UserReference"][] }) {
  const { query } = useAddress();
  const hasMore = ["inspected", "assignee", "from", "to", ...wordFilters.map(({ key }) => key)].some((key) => query.has(key));
  const [isOpen, setOpen] = useState(hasMore);
  const chosenStates = statesOf(query);
  const shown = chosenStates.length === 0 ? states.map(({ value }) => value as string) : chosenStates;
  const setStates = (chosen: string[]) =>
    show(withFilter(query, "state", chosen.length === 0 || chosen.length === states.length ? ["all"] : chosen));
  return (
    <div className="wp-stack" role="search" aria-label="Filters">
      <div className="wp-actions">
        <Choices id="filter-state" label="State" choices={states} chosen={shown} onChange={setStates} />
        <Choices
          id="filter-importance"
          label="Importance"
          choices={importances}
          chosen={query.getAll("importance")}
          onChange={(chosen) => show(withFilter(query, "importance", chosen))}
        />
        <Choices
          id="filter-engine"
          label="Engine"
          choices={engines}
          chosen={query.getAll("engine")}
          onChange={(chosen) => show(withFilter(query, "engine", chosen))}
        />
        <Switch
          id="filter-mine"
          label="Assigned to me"
          isChecked={query.get("assignee") === "me"}
          onChange={(_event, checked) => show(withFilter(query, "assignee", checked ? ["me"] : []))}
        />
        {isFiltered(query) && (
          <Button variant="link" onClick={() => show(withoutFilters(query))}>
            Clear filters
          </Button>
        )}
      </div>
      <ExpandableSection toggleText="More filters" isExpanded={isOpen} onToggle={(_event, open) => setOpen(open)}>
        <div className="wp-filters">
          {wordFilters.map(({ key, label }) => (
            <WordFilter key={key} name={key} label={label} />
          ))}
          <SelectFilter
            name="assignee"
            label="Assignee"
            choices={[["", "Anybody"], ["me", "Me"], ["none", "Nobody"], ...officers.map(({ id, name }): [string, string] => [id, name])]}
          />
          <SelectFilter
            name="inspected"
            label="Inspected"
            choices={[
              ["", "Fully or in part"],
              ["full", "Fully"],
              ["partial", "In part"],
            ]}
          />
          <WordFilter name="from" label="Raised from" type="datetime-local" />
          <WordFilter name="to" label="Raised to" type="datetime-local" />
        </div>
      </ExpandableSection>
    </div>
  );
}

function Recipients({ alert }: { alert: Schemas["Alert"] }) {
  const [first] = alert.recipients;
  const more = (alert.recipient_count ?? alert.recipients.length) - 1;
  const blind = alert.bcc_count ?? 0;
  return (
    <>
      <HostileText text={first ?? ""} placeholder="none" />
      {more > 0 && <span className="wp-faint wp-nowrap"> and {more} more</span>}
      {blind > 0 && (
        <>
          {" "}
          <Label isCompact variant="outline">
            {more === 0 ? "Bcc" : `${blind} Bcc`}
          </Label>
        </>
      )}
    </>
  );
}

function AlertRow({ alert }: { alert: Schemas["Alert"] }) {
  return (
    <Tr className={alert.state === "new" ? "wp-row-new" : undefined}>
      <Td dataLabel="Importance">
        <ImportanceLabel value={alert.importance} />
      </Td>
      <Td dataLabel="Raised">
        <Moment at={alert.created_at} />
      </Td>
      <Td dataLabel="What was found">
        <Link to={`/alerts/${alert.id}`}>
          <span className="wp-clip">
            <HostileText text={alert.sentence} placeholder="No sentence" />
          </span>
        </Link>
        <span className="wp-faint">{alert.engines.join(", ")}</span>
        {alert.inspected === "partial" && (
          <>
            {" "}
            <Label color="yellow" isCompact variant="outline">
              Inspected in part
            </Label>
          </>
        )}
      </Td>
      <Td dataLabel="Subject">
        <span className="wp-clip">
          <HostileText text={alert.subject} placeholder="no subject" />
        </span>
      </Td>
      <Td dataLabel="Sender">
        <span className="wp-clip">
          <HostileText text={alert.sender} placeholder="none" />
        </span>
        <CopyMark alert={alert} />
      </Td>
      <Td dataLabel="Recipients">
        <Recipients alert={alert} />
      </Td>
      <Td dataLabel="State">
        <AlertStateLabel value={alert.state} />
        {alert.assignee && <div className="wp-faint">{alert.assignee.name}</div>}
      </Td>
    </Tr>
  );
}

function AlertTable({ alerts }: { alerts: Schemas["Alert"][] }) {
  return (
    <Table aria-label="Alerts" variant="compact" className="wp-table">
      <Thead>
        <Tr>
          <Th width={10} modifier="nowrap">Importance</Th>
          <Th width={10}>Raised</Th>
          <Th width={25}>What was found</Th>
          <Th width={15}>Subject</Th>
          <Th width={15}>Sender</Th>
          <Th width={15}>Recipients</Th>
          <Th width={10}>State</Th>
        </Tr>
      </Thead>
      <Tbody>
        {alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </Tbody>
    </Table>
  );
}

function Paging({ next }: { next: string | undefined }) {
  const { query } = useAddress();
  const turn = (cursor: string) => {
    const changed = withFilter(query, "cursor", [cursor]);
    navigate(`/alerts?${changed.toString()}`);
  };
  return (
    <nav className="wp-actions wp-one-line" aria-label="Pages">
      <Button variant="secondary" isDisabled={!query.has("cursor")} onClick={() => window.history.back()}>
        Previous
      </Button>
      <Button variant="secondary" isDisabled={next === undefined} onClick={() => next !== undefined && turn(next)}>
        Next
      </Button>
      <FormSelect
        aria-label="Alerts a page"
        className="wp-short"
        value={query.get("limit") ?? "50"}
        onChange={(_event, value) => show(withFilter(query, "limit", [value]))}
      >
        {pageSizes.map((size) => (
          <FormSelectOption key={size} value={String(size)} label={`${size} a page`} />
        ))}
      </FormSelect>
    </nav>
  );
}

export function AlertsPage() {
  const { query } = useAddress();
  const { data, problem, isLoading, reload, set } = useLoaded(query.toString(), () =>
    call(client.GET("/alerts", { params: { query: toAlertQuery(query) } })),
  );
  const officers = useLoaded("officers", () => call(client.GET("/officers")));
  useEvent("alert", (changed) => {
    set((page) => ({ ...page, items: page.items.map((alert) => (alert.id === changed.id ? changed : alert)) }));
    if (mayShow(query)) {
      reload();
    }
  });
  useEvent("resync", reload);

  return (
    <Page
      title="Alerts"
      actions={
        data && (
          <span className="wp-faint" role="status">
            {formatTotal(data.total, data.total_is_capped)} {data.total === 1 ? "alert" : "alerts"}
          </span>
        )
      }
    >
      <Filters officers={officers.data?.items ?? []} />
      <div className="wp-between">
        <FormSelect
          aria-label="Order"
          className="wp-short"
          value={query.get("order") ?? ""}
          onChange={(_event, value) => show(withFilter(query, "order", [value]))}
        >
          <FormSelectOption value="" label="Newest first" />
          <FormSelectOption value="created_asc" label="Oldest first" />
          <FormSelectOption value="importance_desc" label="Most important first" />
        </FormSelect>
        <Paging next={data?.next_cursor} />
      </div>
      <ProblemAlert problem={problem} onRetry={reload} />
      {data === undefined && isLoading && <Loading what="the alerts" />}
      {data !== undefined && data.items.length > 0 && <AlertTable alerts={data.items} />}
      {data !== undefined && data.items.length === 0 && (
        <Nothing title={isFiltered(query) ? "No alert matches these filters" : "No alerts are waiting"}>
          {isFiltered(query)
            ? "Clear the filters to see the others."
            : "Alerts appear here by themselves as messages are inspected. Processed ones are hidden: choose them under State."}
        </Nothing>
      )}
    </Page>
  );
}
