// Takes the picture of the README of a demo that runs: node screenshot.mjs DEMO_JSON PNG
//
// Waits for the alerts, and refuses a picture that is too large for a README.
import fs from "node:fs";
import { startBrowser, openPage } from "./lib/browser.mjs";
import { signInFirst } from "./lib/console.mjs";

const bytesMax = 150_000;
const alertsMin = 5;
const [facts, target] = process.argv.slice(2);
if (target === undefined) {
  console.error("Usage: node screenshot.mjs DEMO_JSON PNG");
  process.exit(2);
}
const { url, user, password } = JSON.parse(fs.readFileSync(facts, "utf8"));
const browser = await startBrowser();
const { page } = await openPage(browser, url);
await signInFirst(page, user, password); // the demo shows a password for one sign-in
const rows = page.getByRole("grid", { name: "Alerts" }).getByRole("row");
await rows.nth(alertsMin).waitFor({ timeout: 120_000 });
await page.mouse.move(0, 0);
await page.screenshot({ path: target });
await browser.close();
const { size } = fs.statSync(target);
console.log(`${target}: ${size} bytes, ${size <= bytesMax ? "fit" : "too large"} for the README`);
process.exit(size <= bytesMax ? 0 : 1);
