// What the server refuses stands beside the field it is about, and nothing is saved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withPicture } from "./lib/browser.mjs";
import { apply, field, fillIntegration, openIntegration } from "./lib/console.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"]);

const file = (content) => ({ name: "ca.pem", mimeType: "application/x-pem-file", buffer: Buffer.from(content) });
const text = (name, value) => ({ id: name.id, change: (page) => page.locator(`#${name.id}`).fill(value), words: name.words, what: `${name.id} “${value.slice(0, 20)}”` });

const cases = [
  text({ id: "name", words: /needed/ }, ""),
  text({ id: "server", words: /needed/ }, ""),
  text({ id: "server", words: /./ }, "not a host name!"),
  text({ id: "server", words: /./ }, "999.1.1.1.1:2"),
  text({ id: "port", words: /1 to 65,?535/ }, "0"),
  text({ id: "port", words: /1 to 65,?535/ }, "65536"),
  text({ id: "port", words: /1 to 65,?535/ }, "pop3"),
  text({ id: "receive-every", words: /1 to 86,400/ }, "0"),
  text({ id: "receive-every", words: /1 to 86,400/ }, "86401"),
  text({ id: "receive-every", words: /1 to 86,400/ }, "often"),
  text({ id: "user", words: /needed/ }, ""),
  text({ id: "password", words: /./ }, ""),
  text({ id: "ciphers", words: /./ }, "NO-SUCH-CIPHER"),
  text({ id: "certificate-name", words: /./ }, "not a name!"),
  text({ id: "pin", words: /64/ }, "abc"),
  text({ id: "size-limit", words: /1 to 2048/ }, "0"),
  { id: "ca", change: (page) => page.locator("#ca").setInputFiles(file("no certificate")), words: /./, what: "a CA that is none" },
];

async function savedMailboxes(page) {
  const answer = await page.evaluate(() => fetch(`/api/v1${location.pathname}/mailboxes`).then((response) => response.json()));
  return answer.items;
}

for (const { id, change, words, what } of cases) {
  for (const button of ["Apply", "Test connection"]) {
    test(`${button} refuses ${what}`, () =>
      withPicture(scene.page, `refuses-${id}`, async () => {
        const { page, stage } = scene;
        await page.goto("/");
        await openIntegration(page);
        await fillIntegration(page, { port: stage.server("trusted").tls_port });
        await change(page);
        await page.getByRole("button", { name: button }).click();
        const help = page.locator(`#${id}-help`).locator(".pf-m-error");
        await help.waitFor();
        assert.match(await help.innerText(), words);
        if (id !== "ca") {
          assert.equal(await page.locator(`#${id}`).getAttribute("aria-invalid"), "true");
        }
        assert.equal(await page.locator(".pf-m-error[class*='helper-text']").count(), 1, "no other field is blamed");
        assert.deepEqual(await savedMailboxes(page), []);
      }));
  }
}

test("several fields are told of at once", async () => {
  const { page, stage } = scene;
  await page.goto("/");
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port });
  await field(page, "Mail server").fill("");
  await field(page, "User name").fill("");
  await field(page, "Cipher suite").fill("NO-SUCH-CIPHER");
  await page.getByRole("button", { name: "Apply" }).click();
  for (const id of ["server", "user", "ciphers"]) {
    await page.locator(`#${id}[aria-invalid="true"]`).waitFor();
  }
});

test("a saved password must be typed again where it would be sent elsewhere", () =>
  withPicture(scene.page, "password-again", async () => {
    const { page, stage } = scene;
    await page.goto("/");
    await openIntegration(page);
    await fillIntegration(page, { port: stage.server("trusted").tls_port });
    await apply(page);
    await field(page, "Receive every").fill("30");
    await apply(page); // nothing that the password is bound to has changed
    await field(page, "Mail server").fill("127.0.0.2");
    await page.getByText(/type the password again/).waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.locator('#password[aria-invalid="true"]').waitFor();
    const [mailbox] = await savedMailboxes(page);
    assert.equal(mailbox.settings.server, "127.0.0.1");
    assert.equal("password" in mailbox.settings, false);
  }));
