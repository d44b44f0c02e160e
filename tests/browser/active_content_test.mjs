// 167 messages with active content (lib/active_messages.mjs), each opened on its page in the console, with all tabs
// and a preview of what is attached: no script runs, no request leaves, no window and no dialog opens.
import assert from "node:assert/strict";
import { activeMessages } from "./lib/active_messages.mjs";
import { sequence } from "./lib/browser.mjs";
import { apply, fillIntegration, openIntegration, section } from "./lib/console.mjs";
import { assertInert, assertQuiet } from "./lib/inert.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"]);
const tried = sequence(scene);
const alerts = new Map(); // name of the message: id of its alert

async function listAlerts(page) {
  const { items } = await page.evaluate(async () => (await fetch("/api/v1/alerts?limit=200")).json());
  return items.map(({ id, subject }) => [subject.split(" ")[0], id]);
}

/** As a click on a row of the list goes, without the list in between. */
async function open(page, id) {
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, `/alerts/${id}`);
}

async function openTab(page, name) {
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("tabpanel").waitFor();
}

/** The attachment that holds the same markup, as text; for some, in the other ways, too. */
async function lookAtObject(page, isThorough) {
  await page.getByRole("button", { name: "Open object 3", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Text", exact: true }).click();
  await dialog.getByLabel("Text of the object").waitFor();
  if (isThorough) {
    await dialog.getByRole("button", { name: "Hex" }).click();
    await dialog.getByLabel("Octets of the object").waitFor();
    await assertInert(page);
    await dialog.getByRole("button", { name: "Image" }).click();
    await dialog.getByText("There is no preview as image.").waitFor();
  }
  await assertInert(page);
  assert.equal(await dialog.locator("a[href], img, form, script, style, iframe").count(), 0);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await dialog.waitFor({ state: "detached" });
}

tried("167 messages arrive, and each raises an alert", async ({ page, stage }) => {
  assert.equal(activeMessages.length, 167);
  assert.equal(new Set(activeMessages.map(({ name }) => name)).size, 167);
  for (const { name, content } of activeMessages) {
    await stage.deliver("trusted", name, content);
  }
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port, enabled: true });
  await apply(page);
  await section(page, "Alerts").click();
  await page.getByRole("status").filter({ hasText: "167 alerts" }).waitFor({ timeout: 120_000 });
  for (const [name, id] of await listAlerts(page)) {
    alerts.set(name, id);
  }
  assert.deepEqual(activeMessages.filter(({ name }) => !alerts.has(name)), []);
  await assertInert(page);
});

for (const [index, { name }] of activeMessages.entries()) {
  tried(`${name} is only text`, async ({ page }) => {
    await open(page, alerts.get(name));
    await page.getByRole("heading", { level: 1 }).filter({ hasText: name }).waitFor();
    for (const tab of ["Findings", "Message text", "Parts", "Headers", "History"]) {
      await openTab(page, tab);
      await assertInert(page);
      if (tab === "Parts") {
        await lookAtObject(page, index % 10 === 0);
      }
    }
    assertQuiet(scene);
  });
}

tried("the lists that showed all of them are quiet, too", async ({ page }) => {
  await section(page, "Alerts").click();
  await page.getByRole("grid", { name: "Alerts" }).waitFor();
  await assertInert(page);
  assertQuiet(scene);
});
