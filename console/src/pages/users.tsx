// Users: accounts with their roles. A new password is always one that must be changed.
import { Button, Checkbox, FormGroup, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState } from "react";
import { type ApiProblem, attempt, call, client, type Schemas } from "../api/client";
import { useLoaded } from "../api/use_loaded";
import { type Role, roleNames, useMay } from "../session";
import { formatTime } from "../text/format";
import { ActionDialog } from "../ui/action_dialog";
import { TextField } from "../ui/fields";
import { FieldHelp, Loading, Moment, Page, ProblemAlert } from "../ui/parts";

type User = Schemas["User"];
const roles = Object.keys(roleNames) as Role[];

function RoleBoxes({ chosen, error, onChange }: { chosen: Role[]; error: string | undefined; onChange: (roles: Role[]) => void }) {
  return (
    <FormGroup label="Roles" role="group" isRequired fieldId="roles">
      {roles.map((role) => (
        <Checkbox
          key={role}
          id={`role-${role}`}
          label={roleNames[role]}
          isChecked={chosen.includes(role)}
          onChange={(_event, checked) => onChange(checked ? [...chosen, role] : chosen.filter((other) => other !== role))}
        />
      ))}
      <FieldHelp id="roles-help" error={error} />
    </FormGroup>
  );
}

/** Field errors beside the fields; the rest in the dialog's own alert. */
function useFieldErrors() {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const onProblem = (problem: ApiProblem | undefined) => {
    setErrors(problem?.fields ?? {});
    return problem !== undefined && Object.keys(problem.fields).length > 0;
  };
  return { errors, onProblem };
}

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [chosen, setChosen] = useState<Role[]>(["security_officer"]);
  const { errors, onProblem } = useFieldErrors();
  return (
    <ActionDialog
      title="Add a user"
      verb="Add"
      isDisabled={name === "" || password === "" || chosen.length === 0}
      onClose={onClose}
      onProblem={onProblem}
      run={async () => {
        await call(client.POST("/users", { body: { name, password, roles: chosen } }));
        onDone();
      }}
    >
      <TextField id="new-user" label="User name" isRequired maxLength={32} autoComplete="off" value={name} error={errors.name} help="Letters, digits, - and _; begins with a letter." onChange={setName} />
      <TextField id="new-user-password" label="Password" type="password" isRequired autoComplete="new-password" value={password} error={errors.password} help="At least 12 characters. It must be changed at the first sign-in." onChange={setPassword} />
      <RoleBoxes chosen={chosen} error={errors.roles} onChange={setChosen} />
    </ActionDialog>
  );
}

type Change = "roles" | "password";

function ChangeDialog({ user, what, onClose, onDone }: { user: User; what: Change; onClose: () => void; onDone: () => void }) {
  const [password, setPassword] = useState("");
  const [chosen, setChosen] = useState<Role[]>(user.roles);
  const { errors, onProblem } = useFieldErrors();
  return (
    <ActionDialog
      title={what === "roles" ? `Roles of ${user.name}` : `New password for ${user.name}`}
      verb={what === "roles" ? "Change roles" : "Set password"}
      isDisabled={what === "roles" ? chosen.length === 0 : password === ""}
      onClose={onClose}
      onProblem={onProblem}
      run={async () => {
        const body = what === "roles" ? { roles: chosen } : { password };
        await call(client.PATCH("/users/{user_id}", { params: { path: { user_id: user.id } }, body }));
        onDone();
      }}
    >
      <p>Sessions of this account end.</p>
      {what === "roles" ? (
        <RoleBoxes chosen={chosen} error={errors.roles} onChange={setChosen} />
      ) : (
        <TextField id="set-password" label="New password" type="password" isRequired autoComplete="new-password" value={password} error={errors.password} help="At least 12 characters. It must be changed at the next sign-in." onChange={setPassword} />
      )}
    </ActionDialog>
  );
}

function StatusLabels({ user }: { user: User }) {
  const isLocked = user.locked_until !== undefined && new Date(user.locked_until) > new Date();
  return (
    <span className="wp-actions">
      <Label isCompact color={user.enabled ? "green" : "grey"}>
        {user.enabled ? "Enabled" : "Disabled"}
      </Label>
      {isLocked && (
        <Label isCompact color="orange">
          Locked until {formatTime(user.locked_until)}
        </Label>
      )}
      {user.must_change_password === true && (
        <Label isCompact color="yellow" variant="outline">
          must change the password
        </Label>
      )}
    </span>
  );
}

export function UsersPage() {
  const { data, problem, isLoading, reload } = useLoaded("users", () => call(client.GET("/users")));
  const mayManage = useMay("manage_users");
  const [isAdding, setAdding] = useState(false);
  const [change, setChange] = useState<{ user: User; what: Change }>();
  const [refused, setRefused] = useState<ApiProblem>();
  const setEnabled = async (user: User, enabled: boolean) => {
    setRefused(undefined);
    const refusal = await attempt(async () => {
      await call(client.PATCH("/users/{user_id}", { params: { path: { user_id: user.id } }, body: { enabled } }));
      reload();
    });
    setRefused(refusal);
  };
  return (
    <Page title="Users" actions={mayManage && <Button onClick={() => setAdding(true)}>Add user</Button>}>
      <ProblemAlert problem={problem} onRetry={reload} />
      <ProblemAlert problem={refused} />
      {data === undefined && isLoading && <Loading what="the users" />}
      {data && (
        <Table aria-label="Users" variant="compact" className="wp-table">
          <Thead>
            <Tr>
              <Th width={15}>User name</Th>
              <Th width={20}>Roles</Th>
              <Th>Status</Th>
              <Th width={15}>Last sign-in</Th>
              <Th screenReaderText="Actions" />
            </Tr>
          </Thead>
          <Tbody>
            {data.items.map((user) => (
              <Tr key={user.id}>
                <Td dataLabel="User name">{user.name}</Td>
                <Td dataLabel="Roles">{user.roles.map((role) => roleNames[role]).join(", ")}</Td>
                <Td dataLabel="Status">
                  <StatusLabels user={user} />
                </Td>
                <Td dataLabel="Last sign-in">
                  <Moment at={user.last_sign_in_at} />
                </Td>
                <Td>
                  {mayManage && (
                    <span className="wp-actions wp-one-line wp-nowrap">
                      <Button variant="link" isInline aria-label={`Roles of ${user.name}`} onClick={() => setChange({ user, what: "roles" })}>
                        Roles
                      </Button>
                      <Button variant="link" isInline aria-label={`New password for ${user.name}`} onClick={() => setChange({ user, what: "password" })}>
                        New password
                      </Button>
                      <Button variant="link" isInline aria-label={`${user.enabled ? "Disable" : "Enable"} ${user.name}`} onClick={() => void setEnabled(user, !user.enabled)}>
                        {user.enabled ? "Disable" : "Enable"}
                      </Button>
                    </span>
                  )}
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      {isAdding && <AddDialog onClose={() => setAdding(false)} onDone={reload} />}
      {change && <ChangeDialog {...change} onClose={() => setChange(undefined)} onDone={reload} />}
    </Page>
  );
}
