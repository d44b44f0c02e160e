// A mailbox whose access token is fetched: a device code is entered at a real token server in another window, and the
// refresh token goes from there to the collector without anybody else seeing it. Then client credentials.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import { sequence } from "./lib/browser.mjs";
import { apply, choice, field, fillIntegration, openIntegration, testConnection } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";
import { TokenServer } from "./lib/token_server.mjs";

const scene = makeScene(["trusted"]);
let tokens;
before(async () => {
  tokens = await TokenServer.start();
});
after(() => tokens?.stop());

const step = sequence(scene);
const picture = async (page, name) => {
  if (process.env.WATCHPOST_SCREENSHOTS !== undefined) {
    await page.screenshot({ path: path.join(process.env.WATCHPOST_SCREENSHOTS, `${name}.png`), fullPage: true });
  }
};

step("Token from and its fields are there only where the log-in takes a token", async ({ page, stage }) => {
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port });
  assert.equal(await choice(page, "Token from").count(), 0);
  await choice(page, "Authentication").selectOption({ label: "XOAUTH2 (access token)" });
  assert.equal(await field(page, "Token end point").count(), 0);
  await choice(page, "Token from").selectOption({ label: "Refresh token" });
  await field(page, "Token end point").waitFor();
});

step("Microsoft's addresses are a proposal that is filled in", async ({ page }) => {
  await choice(page, "Provider").selectOption({ label: "Microsoft 365" });
  await field(page, "Directory (tenant) ID").fill("11111111-2222-3333-4444-555555555555");
  await page.getByRole("button", { name: "Fill in the fields" }).click();
  assert.equal(await field(page, "Device end point").inputValue(), "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/devicecode");
  assert.match(await field(page, "Scope").inputValue(), /POP\.AccessAsUser\.All offline_access/);
});

step("what is missing for a device code stands beside its field", async ({ page }) => {
  await field(page, "Token end point").fill("http://localhost/token");
  await page.getByRole("button", { name: "Get a token by device code" }).click();
  const help = page.locator("#token-endpoint-help").locator(".pf-m-error");
  await help.waitFor();
  assert.match(await help.innerText(), /https:/);
});

step("a code is shown, entered in another window, and brings a token", async ({ page, context }) => {
  await field(page, "Token end point").fill(tokens.endpoint);
  await field(page, "Device end point").fill(tokens.deviceEndpoint);
  await field(page, "Client id").fill("console");
  await field(page, "Scope").fill("pop offline_access");
  await page.locator("#token-ca").setInputFiles(tokens.ca);
  await page.getByRole("button", { name: "Get a token by device code" }).click();
  const shown = page.getByTestId("device-code");
  await shown.waitFor();
  await picture(page, "device-code");
  const code = await shown.locator(".wp-device-code").innerText();
  const provider = await context.newPage();
  await provider.goto(await shown.getByRole("link").getAttribute("href"));
  await provider.locator("input[name=user_code]").fill(code);
  await provider.getByRole("button", { name: "Allow" }).click();
  await provider.getByText("You may close this page").waitFor();
  await provider.close();
  await page.getByText("A refresh token is there.").waitFor();
});

step("the token is tested before it is kept", async ({ page }) => {
  const test = await testConnection(page);
  assert.equal(test.outcome("token"), "ok", JSON.stringify(test.steps));
  await picture(page, "token-test");
});

step("Apply keeps it, and it is never shown", async ({ page }) => {
  const list = (url) => url.pathname.endsWith("/mailboxes");
  let readAnew;
  const looked = new Promise((resolve) => (readAnew = resolve));
  await page.route(list, async (route) => {
    if (route.request().method() === "GET") {
      await looked; // what Apply answered is shown without the list that is read anew
    }
    await route.continue();
  });
  await apply(page);
  assert.match(await page.locator("#password").getAttribute("placeholder"), /Saved/);
  readAnew();
  await page.unrouteAll({ behavior: "wait" });
  const answer = await page.evaluate(() => fetch(`/api/v1${location.pathname}/mailboxes`).then((response) => response.text()));
  assert.match(answer, /"password_set":true/);
  assert.doesNotMatch(answer, /sealed_token|refresh-/);
});

step("another token end point wants the token again", async ({ page }) => {
  await field(page, "Token end point").fill(tokens.endpoint + "/other");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.locator("#password-help").locator(".pf-m-error").waitFor();
});

step("a refusal of the provider is told in its words", async ({ page }) => {
  await choice(page, "Token from").selectOption({ label: "Client credentials" });
  await field(page, "Token end point").fill(tokens.endpoint);
  await field(page, "Client id").fill("service");
  await page.locator("#client-secret").fill("wrong");
  await field(page, "Scope").fill("pop");
  const test = await testConnection(page);
  assert.equal(test.outcome("token"), "failed");
  assert.match(test.steps.find((one) => one.step === "token").text, /invalid_client.*check client id and client secret/);
  await picture(page, "token-refused");
});

step("a client certificate without its key is refused beside the key", async ({ page }) => {
  await page.locator("#client-certificate").setInputFiles(tokens.ca);
  await page.locator("#client-secret").fill("s3cret&=+%");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.locator("#client-key-help").locator(".pf-m-error").waitFor();
  await page.locator("#client-key").setInputFiles(path.join(tokens.folder, "key.pem"));
  await apply(page);
  assert.ok(fs.existsSync(tokens.ca));
  await picture(page, "client-certificate");
});
