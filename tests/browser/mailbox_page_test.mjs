// What the page of a mailbox shows beside its settings: polls with their steps, the server, what is set aside.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { sequence } from "./lib/browser.mjs";
import { apply, field, fillIntegration, openIntegration } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["self_signed"]);
const tried = sequence(scene);

const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const polls = (page) => page.getByRole("grid", { name: "Polls" });
const command = (node, ...words) =>
  execFileSync(process.env.WATCHPOST_PROGRAM, ["mailbox", ...words, "--state", path.join(node.folder, "state")], { encoding: "utf8" });

tried("a new mailbox has no tabs: there is nothing to show yet", async ({ page }) => {
  await openIntegration(page);
  assert.equal(await page.getByRole("tab").count(), 0);
});

tried("its polls come by themselves, each with its steps", async ({ page, stage }) => {
  await stage.deliver("self_signed", "one", "Subject: one\r\n\r\nbody\r\n");
  await fillIntegration(page, { port: stage.server("self_signed").tls_port, enabled: true });
  await field(page, "Name").fill("front office");
  await apply(page);
  await tab(page, "Polls").click();
  const collected = polls(page).getByRole("row").filter({ hasText: /1 \(\d+ bytes\)/ });
  await collected.waitFor();
  await collected.getByRole("button").click();
  const steps = page.getByRole("list", { name: "Steps of the poll" });
  for (const step of ["connect", "tls", "greeting", "log in", "list", "retrieve", "quit"]) {
    await steps.locator(`[data-step="${step}"][data-outcome="ok"]`).waitFor();
  }
});

tried("the chart has words for whoever does not see it", async ({ page }) => {
  await page.getByRole("img", { name: /^The last \d+ polls?\..*No poll failed\.$/ }).waitFor();
});

tried("the address says which view is shown", async ({ page }) => {
  assert.match(page.url(), /[?&]show=polls/);
  await page.reload();
  await polls(page).waitFor();
});

tried("the server: certificate, capabilities, what was learned", async ({ page, stage }) => {
  await tab(page, "The server").click();
  const chain = page.getByRole("list", { name: "Certificates, as the server sent them" });
  await chain.getByText("Of the server", { exact: true }).waitFor();
  const digits = (await chain.innerText()).replaceAll(":", "").toLowerCase();
  assert.ok(digits.includes(stage.server("self_signed").fingerprint.replaceAll(":", "").toLowerCase()), digits);
  await page.getByText("UIDL", { exact: true }).waitFor();
});

tried("nothing is set aside, and the page says so", async ({ page }) => {
  await tab(page, "Set aside").click();
  await page.getByText("Every message is given out").waitFor();
});

tried("a poll that fails names its step, and what to do", async ({ page }) => {
  await tab(page, "Settings").click();
  await page.locator("#password").fill("wrong");
  await apply(page);
  await tab(page, "Polls").click();
  const failed = polls(page).getByRole("row").filter({ hasText: "Failed" }).first();
  await failed.getByText(/log in: .*check user name and password/).waitFor();
  await failed.getByRole("button").click();
  await page.locator('[data-step="log in"][data-outcome="failed"]').first().waitFor();
});

tried("the command line says the same", async ({ node }) => {
  assert.match(command(node, "list"), /front office/);
  assert.match(command(node, "polls", "--steps", "front office"), /log in .*FAILED/);
  assert.match(command(node, "server", "front office"), /Capability +UIDL/);
  assert.match(command(node, "set-aside", "front office"), /gives out every message/);
  const asked = JSON.parse(command(node, "polls", "--json", "front office"));
  assert.equal(asked.damaged, 0);
});
