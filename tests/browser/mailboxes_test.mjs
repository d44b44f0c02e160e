// Several mailboxes on one Sensor: the form becomes a list with live states, and one mailbox makes it the form again.
import assert from "node:assert/strict";
import { sequence } from "./lib/browser.mjs";
import { apply, field, fillIntegration, openIntegration } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted", "self_signed"]);
const tried = sequence(scene);

const list = (page) => page.getByRole("grid", { name: "Mailboxes" });
const row = (page, name) => list(page).getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const showList = (page) => page.getByRole("link", { name: "All mailboxes of this Sensor" }).click();

async function add(page, name, values) {
  await page.getByRole("button", { name: "Add mailbox" }).click();
  await page.getByRole("button", { name: "Add mailbox" }).waitFor({ state: "detached" });
  await fillIntegration(page, values);
  await field(page, "Name").fill(name);
  await apply(page);
}

tried("one mailbox is the form itself", async ({ page, stage }) => {
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port, enabled: true });
  await field(page, "Name").fill("front office");
  await apply(page);
  assert.equal(await list(page).count(), 0);
});

tried("a second one makes a list, each with its own state", async ({ page, stage }) => {
  await add(page, "archive", { port: stage.server("self_signed").tls_port, enabled: true, certificate: "Accept only trusted" });
  await showList(page);
  await row(page, "front office").getByText("OK", { exact: true }).waitFor();
  await row(page, "archive").getByText("Error", { exact: true }).waitFor();
  assert.equal(await list(page).getByRole("row").count(), 3);
});

tried("the list says what is wrong, without opening the mailbox", async ({ page }) => {
  await row(page, "archive").getByText(/self-signed/i).waitFor();
});

tried("the list is live: what is mended elsewhere becomes OK by itself", async ({ page, context, node }) => {
  await page.evaluate(() => (window.isSamePage = true));
  const other = await context.newPage();
  await other.goto(new URL(page.url()).pathname);
  await row(other, "archive").getByRole("link").click();
  await other.getByRole("combobox", { name: "TLS certificate", exact: true }).selectOption({ label: "Accept untrusted self-signed" });
  await other.locator("#password").fill("secret");
  await apply(other);
  await other.close();
  await row(page, "archive").getByText("OK", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => window.isSamePage), true, node.url);
});

tried("one of the list is edited, and the other stays as it is", async ({ page }) => {
  await page.reload(); // what was changed elsewhere: only states come by themselves, settings do not
  await row(page, "archive").getByRole("link").click();
  await field(page, "Name").fill("archive 2");
  await field(page, "Receive every").fill("77");
  await apply(page);
  await showList(page);
  await row(page, "archive 2").getByText("77 s", { exact: true }).waitFor();
  await row(page, "front office").getByText("1 s", { exact: true }).waitFor();
});

tried("one is disabled, and the list says so", async ({ page }) => {
  await row(page, "archive 2").getByRole("link").click();
  await page.getByRole("switch", { name: "State" }).uncheck({ force: true });
  await apply(page);
  await showList(page);
  await row(page, "archive 2").getByText("Disabled", { exact: true }).waitFor();
});

tried("removing asks first, and leaves the other one: the form again", async ({ page }) => {
  await row(page, "archive 2").getByRole("link").click();
  const remove = page.getByRole("button", { name: "Remove mailbox" });
  await remove.click();
  const dialog = page.getByRole("dialog", { name: "Remove the mailbox?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await remove.click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByLabel("Status", { exact: true }).getByText("OK", { exact: true }).waitFor();
  assert.equal(await list(page).count(), 0);
  assert.equal(await field(page, "Name").inputValue(), "front office");
});
