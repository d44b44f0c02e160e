// The console in the words of whoever uses it.
import assert from "node:assert/strict";

export const ownPassword = "a-password-for-tests";

export async function fillSignIn(page, user, password) {
  await page.getByRole("textbox", { name: "User name" }).fill(user);
  await page.locator("#password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function changePassword(page, current, wanted) {
  await page.locator("#current-password").fill(current);
  await page.locator("#new-password").fill(wanted);
  await page.locator("#new-password-again").fill(wanted);
  await page.getByRole("button", { name: "Change password" }).click();
}

/** Signs in with a one-time password and chooses another. */
export async function signInFirst(page, user, oneTime) {
  await fillSignIn(page, user, oneTime);
  await page.getByText("Choose a password of your own").waitFor();
  await changePassword(page, oneTime, ownPassword);
  await page.getByRole("navigation", { name: "Sections" }).waitFor();
}

export async function signOut(page, user) {
  await page.getByRole("button", { name: user, exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

export function section(page, name) {
  return page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name, exact: true });
}

/** Sensor servers → Server list → the Sensor, as the steps 1 to 3 of the setup page. */
export async function openIntegration(page) {
  await section(page, "Sensor servers").click();
  await page.getByRole("grid", { name: "Server list" }).getByRole("link").first().click();
  await page.getByRole("heading", { name: "POP3 integration" }).waitFor();
}

export function field(page, name) {
  return page.getByRole("textbox", { name, exact: true });
}

export function choice(page, name) {
  return page.getByRole("combobox", { name, exact: true });
}

/** The values that a test does not care about. */
export async function fillIntegration(page, { port, certificate = "Accept any", enabled = false, every = "1" }) {
  if (enabled) {
    await page.getByRole("switch", { name: "State" }).check({ force: true });
  }
  await field(page, "Mail server").fill("127.0.0.1");
  await field(page, "Port").fill(String(port));
  await field(page, "Receive every").fill(every);
  await field(page, "User name").fill("alice");
  await page.locator("#password").fill("secret");
  await choice(page, "TLS certificate").selectOption({ label: certificate });
}

export async function apply(page) {
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Applied. It takes effect at once.").waitFor();
}

/** The steps of Test connection as [step, outcome, text]. */
export async function testConnection(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith("/mailbox-test"));
  await page.getByRole("button", { name: "Test connection" }).click();
  const response = await answered;
  assert.equal(response.status(), 200, await response.text());
  const { steps, ok } = await response.json();
  const items = page.getByRole("list", { name: "Steps of the test" }).getByRole("listitem");
  await items.nth(steps.length - 1).waitFor();
  const shown = await items.evaluateAll((all) => all.map((item) => ({ step: item.dataset.step, outcome: item.dataset.outcome, text: item.textContent })));
  return { ok, steps: shown, outcome: (step) => shown.find((one) => one.step === step)?.outcome };
}

/** The row of an alert, once it is there. */
export function alertRow(page, subject) {
  return page.getByRole("grid", { name: "Alerts" }).getByRole("row").filter({ hasText: subject });
}
