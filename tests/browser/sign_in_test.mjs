// The one-time password, sign out, lock-out, and what each role sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, withPicture } from "./lib/browser.mjs";
import { changePassword, field, fillSignIn, openIntegration, ownPassword, section, signInFirst, signOut } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"], { signsIn: false });
const auditorPassword = "made-by-somebody-else";

const tried = (name, action) => test(name, () => withPicture(scene.page, name.replaceAll(/\W+/g, "-"), action));

tried("the one-time password must be changed before anything else is shown", async () => {
  const { page, node } = scene;
  await fillSignIn(page, node.user, node.password);
  await page.getByText("Choose a password of your own").waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Sections" }).count(), 0);
});

tried("a password that is too short is refused at its field", async () => {
  const { page, node } = scene;
  await changePassword(page, node.password, "short");
  await page.locator('#new-password[aria-invalid="true"]').waitFor();
  assert.match(await page.locator("#new-password-help").innerText(), /12/);
});

tried("with a password of one's own the alerts are shown, live", async () => {
  const { page, node } = scene;
  await changePassword(page, node.password, ownPassword);
  await page.getByRole("heading", { name: "Alerts", exact: true }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText("No alerts are waiting").waitFor();
});

tried("after signing out the console shows nothing", async () => {
  const { page, node } = scene;
  await signOut(page, node.user);
  await page.goto("/status");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

tried("the one-time password works only once", async () => {
  const { page, node } = scene;
  await fillSignIn(page, node.user, node.password);
  await page.getByText("User name or password is wrong.").waitFor();
});

tried("the console can be used with the keyboard alone", async () => {
  const { page, node } = scene;
  await page.goto("/");
  await page.locator("#user:focus").waitFor();
  await page.keyboard.type(node.user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ownPassword);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Alerts", exact: true }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to content");
  await section(page, "Users").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Add user" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("#new-user:focus").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

tried("an administrator adds a security auditor", async () => {
  const { page } = scene;
  await section(page, "Users").click();
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await field(dialog, "User name").fill("auditor");
  await dialog.locator("#new-user-password").fill(auditorPassword);
  await dialog.getByRole("checkbox", { name: "Security officer", exact: true }).uncheck();
  await dialog.getByRole("checkbox", { name: "Security auditor" }).check();
  await dialog.getByRole("button", { name: "Add" }).click();
  await page.getByRole("grid", { name: "Users" }).getByRole("row").filter({ hasText: "auditor" }).filter({ hasText: "must change the password" }).waitFor();
});

tried("a security auditor sees the form and no Apply", async () => {
  const { page, context } = await openPage(scene.browser, scene.node.url);
  await signInFirst(page, "auditor", auditorPassword);
  await openIntegration(page);
  assert.equal(await field(page, "Mail server").isDisabled(), true);
  for (const name of ["Apply", "Test connection", "Add mailbox", "Poll now"]) {
    assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  }
  await section(page, "Users").click();
  await page.getByRole("grid", { name: "Users" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Add user" }).count(), 0);
  await context.close();
});

tried("five refused tries lock the account, and the right password too is refused then", async () => {
  const { page, context } = await openPage(scene.browser, scene.node.url);
  for (let i = 0; i < 5; ++i) {
    const answered = page.waitForResponse((response) => response.url().endsWith("/session") && response.request().method() === "POST");
    await fillSignIn(page, "auditor", "wrong");
    assert.ok([401, 429].includes((await answered).status()));
  }
  await fillSignIn(page, "auditor", ownPassword);
  await page.getByText(/locked/i).waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Sections" }).count(), 0);
  await context.close();
});
