// A message that its server cannot give out: it holds up nobody, stands under "Set aside" with its reason, and comes
// when the server is mended and somebody presses "Try again".
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { sequence } from "./lib/browser.mjs";
import { apply, field, fillIntegration, openIntegration } from "./lib/console.mjs";
import { ScriptedServer } from "./lib/programs.mjs";
import { makeScene } from "./lib/scene.mjs";

const messages = [1, 2, 3, 4].map((number) => ({ uid: `uid-${number}`, content: `Subject: ${number}\r\n\r\nbody\r\n` }));
const mended = { messages, capabilities: ["UIDL"] };
const broken = { ...mended, replies: { "RETR 2": "-ERR its <b>block</b> \u001b[1mis damaged\r\n" } };

const scene = makeScene(["self_signed"]);
before(async () => {
  scene.scripted = await ScriptedServer.start(broken);
});
after(() => scene.scripted?.stop());
const tried = sequence(scene);

const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const stuck = (page) => page.getByRole("grid", { name: "Messages that cannot be fetched" });
const status = (page) => page.getByLabel("Status", { exact: true });

tried("the other messages are collected, and the mailbox warns", async ({ page, scripted }) => {
  await openIntegration(page);
  await fillIntegration(page, { port: scripted.port, enabled: true });
  await field(page, "Name").fill("front office");
  await page.getByLabel("Use TLS encryption").uncheck({ force: true });
  await field(page, "Port").fill(String(scripted.port));
  await apply(page);
  await status(page).getByText(/^3 \(/).waitFor();
  await status(page).getByText("Warning", { exact: true }).waitFor();
});

tried("it stands under Set aside, with the server's words", async ({ page }) => {
  await tab(page, "Set aside").click();
  const row = stuck(page).getByRole("row").filter({ hasText: "uid-2" });
  await row.getByText("Tried again", { exact: true }).waitFor();
  await row.getByText("its <b>block</b> \\x1b[1mis damaged").waitFor();
  await page.getByText("These messages are still on the mail server, and are not inspected.").waitFor();
  assert.equal(await stuck(page).locator("tbody tr").count(), 1);
});

tried("when the server is mended, Try again fetches it", async ({ page, scripted }) => {
  await scripted.change(mended);
  await page.getByRole("button", { name: "Try again", exact: true }).click();
  await page.getByText("Every message is given out").waitFor();
  await status(page).getByText(/^4 \(/).waitFor();
});
