// A hostile message shown in the console runs nothing and sends no request.
import assert from "node:assert/strict";
import { sequence } from "./lib/browser.mjs";
import { alertRow, apply, fillIntegration, openIntegration, section } from "./lib/console.mjs";
import { beacon, hostileMessage } from "./lib/hostile_message.mjs";
import { assertInert, assertQuiet } from "./lib/inert.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"]);

const tried = sequence(scene);

tried("it arrives and its row is harmless", async ({ page, stage }) => {
  await stage.deliver("trusted", "hostile", hostileMessage);
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port, enabled: true });
  await apply(page);
  await section(page, "Alerts").click();
  await alertRow(page, "Urgent").waitFor({ timeout: 60_000 });
  await assertInert(page);
});

tried("what turns the line around is made visible", async ({ page }) => {
  const row = alertRow(page, "Urgent");
  await row.getByText("U+202E").first().waitFor();
  assert.doesNotMatch(await row.innerText(), /\u202E/);
});

for (const tab of ["Findings", "Message text", "Parts", "Headers", "History"]) {
  tried(`its ${tab} are shown as text`, async ({ page }) => {
    if (tab === "Findings") {
      await alertRow(page, "Urgent").getByRole("link").click();
      await page.getByRole("tab", { name: /^Findings/ }).waitFor();
    }
    await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
    await page.getByRole("tabpanel").waitFor();
    await assertInert(page);
    assert.equal(await page.getByRole("tabpanel").locator("a[href], img, form, script, style").count(), 0);
  });
}

tried("the body shows its controls and keeps its lines", async ({ page }) => {
  await page.getByRole("tab", { name: "Message text" }).click();
  const plain = page.getByLabel("Plain text of the message");
  const shown = await plain.innerText();
  assert.match(shown, /<script>alert\(5\)<\/script>/);
  for (const mark of ["U+202E", "U+200B", "\u2407", "\u241b"]) {
    assert.ok(shown.includes(mark), `${mark} in ${shown.slice(0, 300)}`);
  }
  const fits = await plain.evaluate((element) => element.scrollWidth <= element.clientWidth + 1);
  assert.equal(fits, true, "very long words are broken");
});

tried("hidden text stands apart, and what the HTML holds is told", async ({ page }) => {
  assert.equal((await page.getByLabel("Hidden text of the message's HTML").innerText()).trim(), "unseen words");
  assert.doesNotMatch(await page.getByLabel("Text of the message's HTML", { exact: true }).innerText(), /unseen/);
  await page.getByText("Marked as hidden.").first().waitFor();
  await page.getByText(`http://${beacon}/refresh`).first().waitFor();
});

tried("a trusted server is told from one that anybody can be", async ({ page }) => {
  await page.getByText("spf fail, says mx.corp.example").waitFor();
  await page.getByText("Sent on behalf of the sender by").waitFor();
  await page.getByRole("tab", { name: /^Headers/ }).click();
  const rows = page.getByRole("grid", { name: "Authentication results" }).getByRole("row");
  assert.match(await rows.nth(1).innerText(), /mx\.corp\.example\s+Trusted by the settings\s+spf fail/);
  assert.match(await rows.nth(2).innerText(), /onerror=alert\(11\)>\s+Not trusted: anybody can write this\s+dkim pass/);
  const hops = page.getByRole("grid", { name: "Way of the message" }).getByRole("row");
  assert.match(await hops.nth(1).innerText(), /1 min 4 s/);
  await page.getByRole("tab", { name: "Message text" }).click();
});

tried("links are text", async ({ page }) => {
  const links = page.getByRole("grid", { name: "Links" });
  await links.getByText(`http://${beacon}/link`).first().waitFor();
  assert.equal(await links.locator("a").count(), 0);
});

tried("all that while nothing ran and nobody else was asked", async () => assertQuiet(scene));

tried("the net that catches it is not torn: an attempt of ours is seen", async ({ page, happened }) => {
  const before = happened.violations.length;
  await page.evaluate((host) => {
    const image = document.createElement("img");
    image.src = `http://${host}/ours.gif`;
    document.body.append(image);
  }, beacon);
  await page.waitForFunction(() => true);
  const seen = () => happened.violations.length > before;
  for (let turn = 0; turn < 100 && !seen(); ++turn) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  assert.ok(seen(), "the content security policy refuses a foreign image");
});
