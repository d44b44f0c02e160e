// The certificate of the console: a self-made one until somebody uploads his own, which is served from then on.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { after } from "node:test";
import { openPage, sequence } from "./lib/browser.mjs";
import { ownPassword, fillSignIn, section } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene([]);
const tried = sequence(scene);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watchpost-certificates-"));
after(() => fs.rmSync(folder, { recursive: true }));

/** The files of a certificate of a name of its own. */
function makeCertificate(name) {
  const [certificate, key] = ["pem", "key"].map((kind) => path.join(folder, `${name}.${kind}`));
  const subject = ["-subj", `/CN=${name}.example.org`, "-addext", `subjectAltName=DNS:${name}.example.org`];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", ...subject, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  return { certificate, key };
}

/** What a new connection is served with. */
function served(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      const { subject, fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      resolve({ name: subject.CN, fingerprint: fingerprint256 });
    });
    socket.on("error", reject);
  });
}

async function upload(page, { certificate, key }) {
  const dialog = page.getByRole("dialog");
  await dialog.locator("#certificate-file").setInputFiles(certificate);
  await dialog.locator("#key-file").setInputFiles(key);
  await dialog.getByRole("button", { name: "Use it" }).click();
  return dialog;
}

const ours = makeCertificate("console");
const other = makeCertificate("other");
let before;

tried("the self-made certificate is called so, and is the one that is served", async ({ page, node }) => {
  before = await served(node.url);
  await section(page, "Settings").click();
  await page.getByText("self-made", { exact: true }).waitFor();
  await page.getByText(before.fingerprint, { exact: true }).waitFor();
});

tried("a key of another certificate is refused, and says so", async ({ page, node }) => {
  await page.getByRole("button", { name: "Upload a certificate" }).click();
  const dialog = await upload(page, { certificate: ours.certificate, key: other.key });
  const fault = dialog.locator(".pf-m-error[class*='helper-text']");
  await fault.waitFor();
  assert.match(await fault.innerText(), /key/i);
  assert.deepEqual(await served(node.url), before);
});

tried("what is no certificate is refused", async ({ page, node }) => {
  const text = { name: "notes.pem", mimeType: "text/plain", buffer: Buffer.from("no certificate") };
  const dialog = await upload(page, { certificate: text, key: ours.key });
  await dialog.locator("#certificate-file[aria-invalid=true]").waitFor();
  assert.deepEqual(await served(node.url), before);
});

tried("one's own certificate is shown and served to new connections, without a restart", async ({ page, node }) => {
  const dialog = await upload(page, ours);
  await dialog.waitFor({ state: "detached" });
  await page.getByText("DNS:console.example.org").or(page.getByText("console.example.org", { exact: true })).first().waitFor();
  assert.equal(await page.getByText("self-made", { exact: true }).count(), 0);
  const now = await served(node.url);
  assert.equal(now.name, "console.example.org");
  await page.getByText(now.fingerprint, { exact: true }).waitFor();
});

tried("a browser that comes now gets it and works", async ({ browser, node }) => {
  const { page, context } = await openPage(browser, node.url);
  await fillSignIn(page, node.user, ownPassword);
  await section(page, "Settings").click();
  await page.getByText("console.example.org").first().waitFor();
  await context.close();
});
