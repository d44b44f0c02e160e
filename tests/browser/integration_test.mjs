// The setup page's 13 steps one by one, and then the day of a security officer: the alert of a message with
// EICAR in a zip in a forwarded message comes in by itself and is worked on.
import assert from "node:assert/strict";
import fs from "node:fs";
import { sequence } from "./lib/browser.mjs";
import { alertRow, apply, choice, field, section, testConnection } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"]);
const subject = "Fwd: Invoice 4711";

const step = sequence(scene);

step("1: Sensor servers shows the Server list table", async ({ page }) => {
  await section(page, "Sensor servers").click();
  await page.getByRole("heading", { name: "Server list" }).waitFor();
  const columns = await page.getByRole("grid", { name: "Server list" }).getByRole("columnheader").allInnerTexts();
  assert.deepEqual(columns, ["IP/name", "Type", "Certificate fingerprint", "POP3", "State", "Version", "Last poll", "Backlog", "Last error"]);
});

step("2: a Sensor opens its settings", async ({ page }) => {
  const row = page.getByRole("grid", { name: "Server list" }).getByRole("row").nth(1);
  await row.getByText("Central Node", { exact: true }).waitFor();
  await row.getByRole("link").click();
  await page.waitForURL(/\/sensors\/[0-9A-Z]{26}$/);
});

step("3: it has the section POP3 integration", async ({ page }) => {
  await page.getByRole("heading", { name: "POP3 integration" }).waitFor();
});

step("4: State is Disabled and becomes Enabled", async ({ page }) => {
  const state = page.getByRole("switch", { name: "State" });
  assert.equal(await state.isChecked(), false);
  await page.getByText("Disabled", { exact: true }).waitFor();
  await state.focus();
  await page.keyboard.press("Space");
  await page.getByText("Enabled", { exact: true }).waitFor();
});

step("5: Mail server", ({ page }) => field(page, "Mail server").fill("127.0.0.1"));

step("6: Port is 995 before it is typed", async ({ page, stage }) => {
  assert.equal(await field(page, "Port").inputValue(), "995");
  await field(page, "Port").fill(String(stage.server("trusted").tls_port));
});

step("7: Receive every is 60 before it is typed", async ({ page }) => {
  assert.equal(await field(page, "Receive every").inputValue(), "60");
  await field(page, "Receive every").fill("1");
});

step("8: Use TLS encryption is on, with a Mode", async ({ page }) => {
  const box = page.getByRole("checkbox", { name: "Use TLS encryption" });
  assert.equal(await box.isChecked(), true);
  await box.uncheck();
  await page.getByText("The connection is not encrypted").waitFor();
  await box.check();
  await choice(page, "Mode").selectOption({ label: "TLS from the start (implicit)" });
});

step("9: User name", ({ page }) => field(page, "User name").fill("alice"));

step("10: Password is never shown", async ({ page }) => {
  const password = page.getByLabel("Password");
  assert.equal(await password.getAttribute("type"), "password");
  await password.fill("secret");
});

step("11: TLS certificate has the three policies, each with its warning", async ({ page, stage }) => {
  const policies = choice(page, "TLS certificate");
  const names = await policies.locator("option").allInnerTexts();
  assert.deepEqual(names, ["Accept any", "Accept untrusted self-signed", "Accept only trusted"]);
  assert.equal(await policies.locator("option:checked").innerText(), "Accept only trusted");
  const warning = page.getByTestId("middle-warning");
  for (const [policy, words] of [
    ["Accept any", /Not protected against a man in the middle/],
    ["Accept untrusted self-signed", /cannot be guaranteed/],
    ["Accept only trusted", /most secure of the three/],
  ]) {
    await policies.selectOption({ label: policy });
    await warning.filter({ hasText: words }).waitFor();
  }
  await page.locator("#ca").setInputFiles(stage.places.authority);
  await page.getByText("A CA is set for this mailbox.").waitFor();
});

step("12: Cipher suite, with the resulting list and the Help link", async ({ page, context }) => {
  await field(page, "Cipher suite").fill("ECDHE+AESGCM");
  await page.getByRole("button", { name: "Show the resulting list" }).click();
  const suites = page.getByRole("list", { name: "Resulting cipher suites" }).getByRole("listitem");
  await suites.filter({ hasText: "ECDHE-RSA-AES256-GCM-SHA384" }).waitFor();
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Help", exact: true }).click();
  const help = await opened;
  await help.getByRole("heading", { name: "Cipher suite" }).waitFor();
  await help.close();
});

step("Test connection shows every step, retrieves nothing and saves nothing", async ({ page, stage }) => {
  await stage.deliver("trusted", "clean", "From: a@example.org\r\nTo: alice@example.org\r\nSubject: Lunch\r\n\r\nAt noon?\r\n");
  const tried = await testConnection(page);
  assert.equal(tried.ok, true, JSON.stringify(tried.steps));
  assert.deepEqual(tried.steps.map(({ step: name }) => name), ["resolve", "connect", "tls", "certificate", "capabilities", "log_in", "list"]);
  await page.getByText("The connection works. Nothing was retrieved and nothing was saved.").waitFor();
  await page.getByText("1 messages").waitFor();
  const saved = await page.evaluate(() => fetch(`/api/v1${location.pathname}/mailboxes`).then((answer) => answer.json()));
  assert.deepEqual(saved.items, []);
});

step("13: Apply takes effect at once: the status becomes OK by itself", async ({ page }) => {
  await apply(page);
  const status = page.getByLabel("Status", { exact: true });
  await status.getByText("OK", { exact: true }).waitFor();
  await status.getByText(/TLSv1\.3/).waitFor();
});

step("the alert appears by itself, without a reload", async ({ page, stage }) => {
  await section(page, "Alerts").click();
  await page.getByText("No alerts are waiting").waitFor();
  await page.evaluate(() => (window.isSamePage = true));
  await stage.deliverForwardedEicar("trusted", "forwarded");
  const row = alertRow(page, subject);
  await row.waitFor({ timeout: 60_000 });
  await row.getByText("High", { exact: true }).waitFor();
  await row.getByText("New", { exact: true }).waitFor();
  await row.getByText(/clamav/).waitFor();
  assert.equal(await page.evaluate(() => window.isSamePage), true);
});

step("it says what was found, where, and what helps", async ({ page }) => {
  await alertRow(page, subject).getByRole("link").click();
  await page.getByRole("heading", { name: subject }).waitFor();
  await page.getByText("Eicar-Test-Signature").first().waitFor();
  await page.getByRole("tab", { name: /^Parts/ }).click();
  const tree = page.getByRole("list", { name: "Tree of parts" });
  await tree.getByText("invoice.zip", { exact: true }).waitFor();
  await tree.getByText("invoice.com", { exact: true }).waitFor();
  await page.getByRole("tab", { name: /^Headers/ }).click();
  await page.getByRole("grid", { name: "Headers" }).getByText(subject).waitFor();
  await page.getByRole("tab", { name: "Message text" }).click();
  await page.getByText("Is this real?").waitFor();
});

const dialog = async (page, opens, verb, comment) => {
  await page.getByRole("button", { name: opens, exact: true }).click();
  const box = page.getByRole("dialog");
  await box.getByRole("textbox", { name: "Comment" }).fill(comment);
  await box.getByRole("button", { name: verb, exact: true }).click();
  await box.waitFor({ state: "detached" });
};

step("it is assigned, commented on, closed and reopened, and the history says so", async ({ page, node }) => {
  const main = page.getByRole("main");
  await dialog(page, "Assign", "Assign", "mine");
  await main.getByText("In process", { exact: true }).waitFor();
  await main.getByText(`Assigned to ${node.user}`).first().waitFor();
  await dialog(page, "Comment", "Add comment", "asked the sender");
  await dialog(page, "Close", "Close alert", "harmless test file");
  await main.getByText("Processed", { exact: true }).waitFor();
  await dialog(page, "Reopen", "Reopen", "not so sure");
  await main.getByText("In process", { exact: true }).waitFor();
  await page.getByRole("tab", { name: /^History/ }).click();
  const rows = page.getByRole("grid", { name: "History" }).getByRole("row");
  const entries = await rows.evaluateAll((all) => all.slice(1).map((row) => [...row.cells].slice(1).map((cell) => cell.textContent)));
  assert.deepEqual(entries, [
    ["Raised", "Watchpost", ""],
    [`Assigned to ${node.user}`, node.user, "mine"],
    ["Commented", node.user, "asked the sender"],
    ["Closed", node.user, "harmless test file"],
    [`Reopened, assigned to ${node.user}`, node.user, "not so sure"],
  ]);
});

step("the raw message comes in an encrypted zip", async ({ page }) => {
  const downloaded = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download raw message" }).click();
  const zip = fs.readFileSync(await (await downloaded).path());
  assert.equal(zip.readUInt32LE(0), 0x04034b50);
  assert.equal(zip.readUInt16LE(6) & 1, 1, "encrypted");
  assert.equal(zip.readUInt16LE(8), 99, "AES");
  assert.equal(zip.includes("EICAR"), false);
});

step("processed alerts are hidden until they are asked for", async ({ page }) => {
  await dialog(page, "Close", "Close alert", "");
  await section(page, "Alerts").click();
  await page.getByText("No alerts are waiting").waitFor();
  await page.getByRole("button", { name: /^State/ }).click();
  await page.getByRole("menuitem", { name: "Processed" }).getByRole("checkbox").check();
  await alertRow(page, subject).waitFor();
});

step("System status shows the processes of the supervisor running", async ({ page }) => {
  await section(page, "System status").click();
  for (const name of ["control", "collector", "pipeline"]) {
    await page.getByRole("grid", { name: "Processes" }).getByRole("row").filter({ hasText: name }).filter({ hasText: "Running" }).waitFor();
  }
});
