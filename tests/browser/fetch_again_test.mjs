// Fetch again, from the button to the alert; Poll now; and what the page says when the collector is away.
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
const status = (page) => page.getByLabel("Status", { exact: true });
const dialog = (page) => page.getByRole("dialog");
const command = (node, ...words) =>
  execFileSync(process.env.WATCHPOST_PROGRAM, ["mailbox", ...words, "--state", path.join(node.folder, "state")], { encoding: "utf8" });

async function openDialog(page) {
  await page.getByRole("button", { name: "Fetch again", exact: true }).click();
  await dialog(page).getByText("Fetch messages again?").waitFor();
}

tried("three messages are collected", async ({ page, stage }) => {
  for (const name of ["one", "two", "three"]) {
    await stage.deliver("self_signed", name, `Subject: ${name}\r\n\r\nbody\r\n`);
  }
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("self_signed").tls_port, enabled: true, every: "3600" });
  await field(page, "Name").fill("front office");
  await apply(page);
  await status(page).getByText(/^3 \(/).waitFor();
});

tried("the dialog says what will happen, and to how many", async ({ page }) => {
  await openDialog(page);
  await dialog(page).getByText("there were 3 messages on the server: 3 messages will be fetched again").waitFor();
  await dialog(page).getByText("keeps that one alert").waitFor();
  await dialog(page).getByLabel("How many").fill("2");
  await dialog(page).getByText("2 messages will be fetched again").waitFor();
});

tried("what is no number cannot be sent", async ({ page }) => {
  for (const wrong of ["", "0", "-1", "10001", "x"]) {
    await dialog(page).getByLabel("How many").fill(wrong);
    await dialog(page).getByText("A number from 1 to 10,000.").waitFor();
    assert.ok(await dialog(page).getByRole("button", { name: "Fetch again" }).isDisabled(), wrong);
  }
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await dialog(page).waitFor({ state: "detached" });
});

tried("the last two are fetched again, and the polls say so", async ({ page }) => {
  await tab(page, "Polls").click();
  await openDialog(page);
  await dialog(page).getByLabel("How many").fill("2");
  await dialog(page).getByRole("button", { name: "Fetch again" }).click();
  await dialog(page).waitFor({ state: "detached" });
  await polls(page).getByText("2 fetched again").waitFor();
});

tried("all are fetched again", async ({ page }) => {
  await openDialog(page);
  await dialog(page).getByLabel("All that are on the server").check();
  await dialog(page).getByRole("button", { name: "Fetch again" }).click();
  await polls(page).getByText("3 fetched again").waitFor();
  await status(page).getByText(/^3 \(/).waitFor(); // they are no new ones
});

tried("Poll now polls, and the command line does", async ({ page, node }) => {
  const rows = polls(page).locator("tbody");
  const before = await rows.count();
  await page.getByRole("button", { name: "Poll now" }).click();
  await rows.nth(before).waitFor();
  assert.match(command(node, "poll-now", "front office"), /due at once/);
  await rows.nth(before + 1).waitFor();
  assert.match(command(node, "fetch-again", "front office", "--last", "1"), /fetched again/);
  await polls(page).getByText("1 fetched again").waitFor();
});

tried("the server's certificate says how long it counts", async ({ page }) => {
  await tab(page, "The server").click();
  await page.getByRole("list", { name: "Certificates, as the server sent them" }).getByText(/^Ends (in|within)/).first().waitFor();
});
