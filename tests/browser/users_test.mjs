// The Users page: accounts, their roles, separate duties, and what becomes of a session of an account that is disabled.
import assert from "node:assert/strict";
import { openPage, sequence } from "./lib/browser.mjs";
import { field, fillSignIn, ownPassword, section, signInFirst } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene([]);
const tried = sequence(scene);
const given = "given-by-somebody-else";

const row = (page, name) => page.getByRole("grid", { name: "Users" }).getByRole("row").filter({ has: page.getByRole("gridcell", { name, exact: true }) });

async function choose(dialog, ...roles) {
  for (const name of ["Administrator", "Senior security officer", "Security officer", "Security auditor"]) {
    await dialog.getByRole("checkbox", { name, exact: true }).setChecked(roles.includes(name));
  }
}

async function fillUser(page, name, password, ...roles) {
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await field(dialog, "User name").fill(name);
  await dialog.locator("#new-user-password").fill(password);
  await choose(dialog, ...roles);
  return dialog;
}

tried("an account is added with its role", async ({ page }) => {
  await section(page, "Users").click();
  const dialog = await fillUser(page, "olga", given, "Security officer");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await row(page, "olga").getByText("Security officer", { exact: true }).waitFor();
  await row(page, "olga").getByText("must change the password").waitFor();
});

tried("a name that is taken, a bad name and a short password are refused at their fields", async ({ page }) => {
  const dialog = await fillUser(page, "olga", given, "Security officer");
  const add = dialog.getByRole("button", { name: "Add", exact: true });
  await add.click();
  await dialog.getByText(/taken|exists|already/i).first().waitFor();
  await field(dialog, "User name").fill("7 of 9");
  await dialog.locator("#new-user-password").fill("short");
  await add.click();
  await page.locator('#new-user[aria-invalid="true"]').waitFor();
  await page.locator('#new-user-password[aria-invalid="true"]').waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

tried("a user without any role cannot be added", async ({ page }) => {
  const dialog = await fillUser(page, "nobody", given);
  assert.equal(await dialog.getByRole("button", { name: "Add", exact: true }).isDisabled(), true);
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

tried("roles are changed, and the table says so", async ({ page }) => {
  await page.getByRole("button", { name: "Roles of olga" }).click();
  const dialog = page.getByRole("dialog", { name: "Roles of olga" });
  await choose(dialog, "Senior security officer", "Security auditor");
  await dialog.getByRole("button", { name: "Change roles" }).click();
  await dialog.waitFor({ state: "detached" });
  await row(page, "olga").getByText("Senior security officer, Security auditor").waitFor();
});

tried("Separate duties is refused while somebody has both, and names the account", async ({ page, node }) => {
  await section(page, "Settings").click();
  await page.getByRole("switch", { name: /Separate duties/ }).click({ force: true });
  await page.getByText(`Somebody has both duties: ${node.user}.`).waitFor();
  await page.getByText("Take one of the two roles away first.").waitFor();
  assert.equal(await page.getByRole("switch", { name: /Separate duties/ }).isChecked(), false);
});

tried("once nobody has both it is on, and then joining them is refused at the roles", async ({ page, node, browser }) => {
  await section(page, "Users").click();
  await page.getByRole("button", { name: `Roles of ${node.user}` }).click();
  const own = page.getByRole("dialog");
  await choose(own, "Administrator");
  await own.getByRole("button", { name: "Change roles" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor(); // one's own session ends, too
  await fillSignIn(page, node.user, ownPassword);
  await section(page, "Settings").click();
  await page.getByRole("switch", { name: /Separate duties/ }).click({ force: true });
  await page.getByText("Separate duties: on", { exact: true }).waitFor();
  await section(page, "Users").click();
  await page.getByRole("button", { name: "Roles of olga" }).click();
  const dialog = page.getByRole("dialog");
  await choose(dialog, "Administrator", "Senior security officer");
  await dialog.getByRole("button", { name: "Change roles" }).click();
  await dialog.getByText(/Duties are kept separate/).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await row(page, "olga").getByText("Senior security officer, Security auditor").waitFor();
  assert.ok(browser.isConnected());
});

tried("the last administrator cannot disable himself", async ({ page, node }) => {
  await page.getByRole("button", { name: `Disable ${node.user}` }).click();
  await page.getByText(/last enabled|last administrator|no administrator/i).first().waitFor();
  await row(page, node.user).getByText("Enabled", { exact: true }).waitFor();
});

tried("who is disabled is out at once, and cannot sign in until enabled again", async ({ page, browser, node }) => {
  const other = await openPage(browser, node.url);
  await signInFirst(other.page, "olga", given);
  await page.getByRole("button", { name: "Disable olga" }).click();
  await row(page, "olga").getByText("Disabled", { exact: true }).waitFor();
  await section(other.page, "YARA rules").click();
  await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await fillSignIn(other.page, "olga", ownPassword);
  await other.page.getByText("User name or password is wrong.").waitFor();
  await page.getByRole("button", { name: "Enable olga" }).click();
  await row(page, "olga").getByText("Enabled", { exact: true }).waitFor();
  await fillSignIn(other.page, "olga", ownPassword);
  await section(other.page, "Alerts").waitFor();
  await other.context.close();
});

tried("a page that fails says what happened, and leads on", async ({ page, happened }) => {
  await page.route("**/api/v1/users", (route) => route.fulfill({ json: { items: null } }));
  await section(page, "Settings").click();
  await section(page, "Users").click();
  await page.getByRole("heading", { name: "This page cannot be shown" }).waitFor();
  await page.getByRole("button", { name: "Details" }).click();
  await page.getByLabel("Details of the mistake").getByText(/TypeError/).waitFor();
  await section(page, "System status").click(); // the menu still works
  await page.getByRole("grid", { name: "Processes" }).waitFor();
  await section(page, "Users").click();
  await page.unroute("**/api/v1/users");
  await page.getByRole("button", { name: "Reload the page" }).click();
  await row(page, "olga").waitFor();
  assert.deepEqual(happened.violations, []);
});
