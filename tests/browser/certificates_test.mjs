// The three certificate policies against three servers: what Test connection says is what collecting does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withPicture } from "./lib/browser.mjs";
import { choice, field, fillIntegration, openIntegration, testConnection } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted", "self_signed", "expired", "unknown_ca"]);

const policies = ["Accept any", "Accept untrusted self-signed", "Accept only trusted"];
/** Whether the connection works, in the order of the policies; `says` is what the certificate's step says where not. */
const servers = [
  { kind: "trusted", hasCa: true, works: [true, true, true] },
  { kind: "self_signed", hasCa: false, works: [true, true, false], says: /self-signed/i },
  { kind: "expired", hasCa: false, works: [true, false, false], says: /expired/i },
  { kind: "unknown_ca", hasCa: false, works: [true, false, false], says: /CA|issuer/ },
];

for (const { kind, hasCa, works, says } of servers) {
  for (const [index, policy] of policies.entries()) {
    test(`${policy}: the server ${kind} is ${works[index] ? "accepted" : "refused"}`, () =>
      withPicture(scene.page, `certificate-${kind}-${index}`, async () => {
        const { page, stage } = scene;
        const { tls_port: port, fingerprint } = stage.server(kind);
        await page.goto("/");
        await openIntegration(page);
        await fillIntegration(page, { port, certificate: policy });
        if (hasCa) {
          await page.locator("#ca").setInputFiles(stage.places.authority);
        }
        const tried = await testConnection(page);
        const shown = JSON.stringify(tried.steps);
        assert.equal(tried.ok, works[index], shown);
        assert.equal(tried.outcome("log_in"), works[index] ? "ok" : "skipped", `no password goes to a server that is refused: ${shown}`);
        const said = tried.steps.map(({ text }) => text).join(" ");
        assert.match(said.replaceAll(":", "").toLowerCase(), new RegExp(fingerprint), "the fingerprint is shown");
        if (!works[index]) {
          assert.match(said, says);
        }
      }));
  }
}

test("STLS proposes 110, and one policy is as good over it", () =>
  withPicture(scene.page, "certificate-stls", async () => {
    const { page, stage } = scene;
    await page.goto("/");
    await openIntegration(page);
    await choice(page, "Mode").selectOption({ label: "STLS" });
    assert.equal(await field(page, "Port").inputValue(), "110");
    await fillIntegration(page, { port: stage.server("trusted").port, certificate: "Accept only trusted" });
    await page.locator("#ca").setInputFiles(stage.places.authority);
    const tried = await testConnection(page);
    assert.equal(tried.ok, true, JSON.stringify(tried.steps));
  }));

test("a pin of another certificate is refused under every policy", () =>
  withPicture(scene.page, "certificate-pin", async () => {
    const { page, stage } = scene;
    await page.goto("/");
    await openIntegration(page);
    await fillIntegration(page, { port: stage.server("self_signed").tls_port });
    await field(page, "SHA-256 pin").fill(stage.server("expired").fingerprint);
    for (const policy of policies) {
      await choice(page, "TLS certificate").selectOption({ label: policy });
      const tried = await testConnection(page);
      assert.equal(tried.ok, false, policy);
    }
    await field(page, "SHA-256 pin").fill(stage.server("self_signed").fingerprint);
    await choice(page, "TLS certificate").selectOption({ label: "Accept any" });
    assert.equal((await testConnection(page)).ok, true);
  }));
