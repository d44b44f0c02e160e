// Debian's Chromium, and pages that keep what happened in them: requests, console, dialogs, violations of
// the content security policy.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { skip } from "./programs.mjs";

const places = [process.env.WATCHPOST_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function startBrowser() {
  const executablePath = places.find((place) => place && fs.existsSync(place));
  if (executablePath === undefined) {
    skip("no Chromium is installed (Debian: chromium; or set WATCHPOST_CHROMIUM)");
  }
  const own = ["--no-first-run", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, args: process.getuid() === 0 ? [...own, "--no-sandbox"] : own });
}

/** A page of its own session. `happened` fills by itself. */
export async function openPage(browser, url) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 }, baseURL: url, acceptDownloads: true });
  context.setDefaultTimeout(30_000);
  const happened = { requests: [], errors: [], dialogs: [], violations: [], pages: [] };
  await context.exposeBinding("watchpostViolation", (_source, text) => happened.violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.watchpostViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ""}`);
    });
  });
  context.on("request", (request) => happened.requests.push(request.url()));
  context.on("page", (opened) => happened.pages.push(opened));
  const page = await context.newPage();
  page.brokenScripts = happened.errors;
  page.on("pageerror", (error) => happened.errors.push(String(error.stack)));
  page.on("dialog", (dialog) => {
    happened.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto("/");
  return { page, context, happened };
}

/** Tests that each go on from the one before: where one fails, the others say so at once. */
export function sequence(scene) {
  let failed;
  return (name, action) =>
    test(name, async () => {
      assert.equal(failed, undefined, "this goes on from a test that failed");
      failed = name;
      await withPicture(scene.page, name.replaceAll(/\W+/g, "-"), () => action(scene));
      assert.deepEqual(scene.happened.errors, [], "nothing of the console broke");
      failed = undefined;
    });
}

/** Leaves a picture of what was there when a test failed. */
export async function withPicture(page, name, action) {
  try {
    await action();
  } catch (error) {
    const folder = process.env.WATCHPOST_SCREENSHOTS;
    if (folder !== undefined) {
      await page.screenshot({ path: path.join(folder, `failed-${name}.png`), fullPage: true }).catch(() => undefined);
    }
    console.log(`# ${name}: at ${page.url()}`, ...page.brokenScripts);
    throw error;
  }
}
