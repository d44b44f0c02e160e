// The YARA rules page: what compiles is used at once, what does not shows the compiler's words.
import assert from "node:assert/strict";
import { sequence } from "./lib/browser.mjs";
import { alertRow, apply, choice, field, fillIntegration, openIntegration, section } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"]);
const tried = sequence(scene);

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const good = 'rule FalconInvoice {\n  meta:\n    description = "of our test"\n  strings:\n    $a = "falcon-invoice-4711"\n  condition:\n    $a\n}\n';
const broken = "rule A {\n  condition:\n    no_such_thing\n}\n\nrule B {\n  strings:\n    $a = /(/\n  condition:\n    $a\n}\n";

const rows = (page) => page.getByRole("grid", { name: "YARA rules" }).getByRole("row");
const row = (page, name) => rows(page).filter({ has: page.getByRole("button", { name, exact: true }) });

async function openUpload(page) {
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  return page.getByRole("dialog");
}

tried("before the first upload only the built-in rules are there", async ({ page }) => {
  await section(page, "YARA rules").click();
  await page.getByRole("heading", { name: "No rules of your own" }).waitFor();
  await row(page, "built-in").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Delete/ }).count(), 0, "what is built in stays");
});

tried("Upload waits for a file, and takes its name", async ({ page }) => {
  const dialog = await openUpload(page);
  assert.equal(await dialog.getByRole("button", { name: "Upload" }).isDisabled(), true);
  await dialog.locator("#rule-file").setInputFiles(file("our rules (1).yar", good));
  await page.locator('#rule-name[value="our-rules-1.yar"]').waitFor();
  await dialog.getByRole("button", { name: "Remove" }).click();
  assert.equal(await dialog.getByRole("button", { name: "Upload" }).isDisabled(), true);
});

tried("rules that do not compile show each of the compiler's messages, and nothing is kept", async ({ page }) => {
  const dialog = page.getByRole("dialog");
  await dialog.locator("#rule-file").setInputFiles(file("broken.yar", broken));
  await dialog.getByRole("button", { name: "Upload" }).click();
  const messages = dialog.getByLabel("The compiler's messages");
  await messages.getByText("no_such_thing").waitFor();
  const said = await messages.innerText();
  assert.match(said, /^broken\.yar:3: .*no_such_thing/m);
  assert.match(said, /^broken\.yar:8: .*regular expression/m);
  await dialog.getByText("The rules do not compile, and were not kept").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await rows(page).count(), 2, "the columns and what is built in");
});

tried("a name that is not one is refused at its field", async ({ page }) => {
  const dialog = await openUpload(page);
  await dialog.locator("#rule-file").setInputFiles(file("falcon.yar", good));
  await field(dialog, "Name").fill("no name!");
  await dialog.getByRole("button", { name: "Upload" }).click();
  await page.locator('#rule-name[aria-invalid="true"]').waitFor();
  assert.match(await page.locator("#rule-name-help").innerText(), /letters, digits/);
  assert.equal(await dialog.getByLabel("The compiler's messages").count(), 0, "the compiler said nothing");
});

tried("good rules are in the table, with who added them", async ({ page, node }) => {
  const dialog = page.getByRole("dialog");
  await field(dialog, "Name").fill("falcon.yar");
  await choice(dialog, "Importance").selectOption({ label: "Medium" });
  await dialog.getByRole("button", { name: "Upload" }).click();
  await dialog.waitFor({ state: "detached" });
  const cells = row(page, "falcon.yar").getByRole("gridcell");
  await row(page, "falcon.yar").waitFor();
  const shown = await cells.allInnerTexts();
  assert.deepEqual([shown[0].trim(), shown[1], shown[2], shown[4]], ["falcon.yar", "1", "Medium", node.user]);
  assert.equal(await page.getByRole("heading", { name: "No rules of your own" }).count(), 0);
});

tried("their source is shown as it was uploaded", async ({ page }) => {
  await row(page, "falcon.yar").getByRole("button", { name: "falcon.yar", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("falcon-invoice-4711").waitFor();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await dialog.waitFor({ state: "detached" });
});

tried("messages are inspected with them without a restart", async ({ page, stage }) => {
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port, enabled: true });
  await apply(page);
  await stage.deliver("trusted", "falcon", "From: a@example.org\r\nTo: alice@example.org\r\nSubject: Falcon\r\n\r\nPay falcon-invoice-4711 today.\r\n");
  await section(page, "Alerts").click();
  await alertRow(page, "Falcon").getByText("Medium", { exact: true }).waitFor({ timeout: 60_000 });
});

tried("deleting asks first, and Cancel keeps the file", async ({ page }) => {
  await section(page, "YARA rules").click();
  await page.getByRole("button", { name: "Delete falcon.yar" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete falcon.yar?" });
  await dialog.getByText("Alerts that it raised stay").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await row(page, "falcon.yar").waitFor();
});

tried("Delete takes it away, and its alerts stay", async ({ page }) => {
  await page.getByRole("button", { name: "Delete falcon.yar" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("heading", { name: "No rules of your own" }).waitFor();
  await section(page, "Alerts").click();
  await alertRow(page, "Falcon").waitFor();
});
