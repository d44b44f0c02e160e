// Objects of a message on the alert's page: previews that the sandbox made, the encrypted zip, and what cannot be had.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { sequence } from "./lib/browser.mjs";
import { alertRow, apply, fillIntegration, openIntegration, section } from "./lib/console.mjs";
import { eicar } from "./lib/hostile_message.mjs";
import { assertInert, assertQuiet } from "./lib/inert.mjs";
import { makeScene } from "./lib/scene.mjs";

const scene = makeScene(["trusted"]);
const tried = sequence(scene);

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(zlib.crc32 === undefined ? crc32(body) : zlib.crc32(body), body.length + 4);
  return frame;
}

function crc32(bytes) {
  let crc = ~0;
  for (const octet of bytes) {
    crc ^= octet;
    for (let bit = 0; bit < 8; ++bit) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

/** Red on the left, blue on the right, with a text that no picture has. */
function png(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.from([0, ...Array.from({ length: width }, (_one, x) => (x < width / 2 ? [220, 30, 30] : [30, 30, 220])).flat()]);
  const pixels = zlib.deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("tEXt", Buffer.from("Comment\0<script>alert(1)</script>")), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

const macro = 'Sub AutoOpen()\r\n    \' fetch and run\r\n    CreateObject("WScript.Shell").Run "calc \u202e"\r\nEnd Sub\r\n';

/** A stored zip, so that a member can have any name. */
function zip(members) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watchpost-zip-"));
  const script = "import sys, zipfile, json\nz = zipfile.ZipFile(sys.argv[1], 'w')\nfor name, text in json.load(sys.stdin): z.writestr(name, text)\nz.close()";
  const file = path.join(folder, "a.zip");
  execFileSync("python3", ["-c", script, file], { input: JSON.stringify(members) });
  const bytes = fs.readFileSync(file);
  fs.rmSync(folder, { recursive: true });
  return bytes;
}

function attachment(name, type, bytes) {
  const lines = Buffer.from(bytes).toString("base64").match(/.{1,76}/g).join("\r\n");
  return `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
}

const message =
  'From: mallory@evil.example\r\nTo: a@example.org\r\nSubject: Objects\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' +
  "--b\r\nContent-Type: text/plain; charset=iso-8859-5\r\nContent-Transfer-Encoding: base64\r\n\r\nv9jY2A==\r\n" +
  attachment("picture.png", "image/png", png(1500, 500)) +
  attachment("damaged.gif", "image/gif", "GIF89a no picture") +
  attachment("all.zip", "application/zip", zip([["invoice!1.com", eicar], ["Macros/VBA/Module1/source.vba", macro], ["large.txt", "0123456789abcdef".repeat(20_000)]])) +
  attachment("empty.bin", "application/octet-stream", "x").replace("eA==\r\n", "") +
  "--b--\r\n";

const dialog = (page) => page.getByRole("dialog");

async function open(page, part) {
  await page.getByRole("button", { name: `Open object ${part}`, exact: true }).click();
  await dialog(page).waitFor();
}

async function close(page) {
  await dialog(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await dialog(page).waitFor({ state: "detached" });
}

async function picture(page, name) {
  if (process.env.WATCHPOST_SCREENSHOTS !== undefined) {
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: path.join(process.env.WATCHPOST_SCREENSHOTS, `object-${name}-${scheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: null });
  }
}

tried("a message with objects arrives", async ({ page, stage }) => {
  await stage.deliver("trusted", "objects", message);
  await openIntegration(page);
  await fillIntegration(page, { port: stage.server("trusted").tls_port, enabled: true });
  await apply(page);
  await section(page, "Alerts").click();
  await alertRow(page, "Objects").getByRole("link").click({ timeout: 60_000 });
  await page.getByRole("tab", { name: /^Parts/ }).click();
});

tried("a text is decoded by its charset", async ({ page }) => {
  await open(page, "1");
  assert.equal((await dialog(page).getByLabel("Text of the object").innerText()).trim(), "Пиии");
  await dialog(page).getByText("Charset, as declared: iso-8859-5.").waitFor();
  await picture(page, "text");
  await close(page);
});

tried("an image is drawn anew, and made to fit", async ({ page }) => {
  await open(page, "2");
  const image = dialog(page).getByRole("img", { name: "The object as an image" });
  await image.waitFor();
  const shown = await image.evaluate(async (element) => {
    await element.decode();
    return { width: element.naturalWidth, height: element.naturalHeight, source: element.src };
  });
  assert.deepEqual([shown.width, shown.height], [1024, 341]);
  const bytes = Buffer.from(shown.source.split(",")[1], "base64");
  assert.ok(shown.source.startsWith("data:image/png;base64,"));
  assert.equal(bytes.includes("script"), false, "only the pixels came through");
  await picture(page, "image");
  await close(page);
});

tried("what cannot be drawn says why, and hex is to be had", async ({ page }) => {
  await open(page, "3");
  await dialog(page).getByText("There is no preview as image.").waitFor();
  await picture(page, "no-image");
  await dialog(page).getByRole("button", { name: "Hex" }).click();
  const hex = dialog(page).getByLabel("Octets of the object");
  await hex.waitFor();
  assert.match(await hex.innerText(), /^00000000 {2}47 49 46 38 39 61 .* GIF89a no pictur/);
  await close(page);
});

tried("a member of a zip shows its way, its digests and what was found", async ({ page }) => {
  await open(page, "4!invoice%211.com");
  const text = await dialog(page).innerText();
  assert.match(text, /4 all\.zip › invoice!1\.com/);
  assert.match(text, /275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f/);
  await dialog(page).getByText("3395856ce81f2b7382dee72602f798b642f14140").waitFor();
  await dialog(page).getByText("44d88612fea8a8f36de82e1278abb02f").waitFor();
  await dialog(page).getByText(/clamav|yara/).first().waitFor();
  await picture(page, "member");
});

tried("it downloads as an encrypted zip, and that is noted", async ({ page }) => {
  const downloading = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "Download object" }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /^watchpost-[0-9A-Z]{26}-275a021bbfb6489e\.zip$/);
  const file = await download.path();
  const encrypted = fs.readFileSync(file);
  assert.equal(encrypted.subarray(0, 2).toString(), "PK");
  assert.equal(encrypted.includes("EICAR"), false);
  assert.equal(encrypted.includes("invoice"), false, "the name is ours");
  const plain = execFileSync("7zz", ["x", "-so", "-pinfected", file], { stdio: ["ignore", "pipe", "ignore"] });
  assert.equal(plain.toString(), eicar);
  await close(page);
  await page.getByRole("tab", { name: /^History/ }).click();
  const row = page.getByRole("grid", { name: "History" }).getByRole("row").last();
  await row.filter({ hasText: "Object downloaded" }).filter({ hasText: "invoice%211.com" }).waitFor();
  await page.getByRole("tab", { name: /^Parts/ }).click();
});

tried("the source of a macro has its words marked, and is text all the same", async ({ page }) => {
  await open(page, "4!Macros/VBA/Module1/source.vba");
  const source = dialog(page).getByLabel("Source of the macro");
  await source.waitFor();
  assert.deepEqual(await source.locator(".wp-vba-starts").allInnerTexts(), ["AutoOpen"]);
  assert.deepEqual(await source.locator(".wp-vba-suspicious").allInnerTexts(), ["CreateObject"]);
  assert.match(await source.innerText(), /U\+202E/);
  await picture(page, "macro");
  await close(page);
});

tried("of a large object the beginning is shown, a page at a time", async ({ page }) => {
  await open(page, "4!large.txt");
  await dialog(page).getByText("The first 256 KiB are shown; the whole is in the download.").waitFor();
  await dialog(page).getByRole("button", { name: "Hex" }).click();
  await dialog(page).getByText("Octets 0 to 4,095 of 320,000; the first 65,536 are shown").waitFor();
  await dialog(page).getByRole("button", { name: "Next", exact: true }).click();
  await dialog(page).getByText("Octets 4,096 to 8,191 of 320,000").waitFor();
  assert.match(await dialog(page).getByLabel("Octets of the object").innerText(), /^00001000 /);
  await picture(page, "hex");
  await assertInert(page);
  await close(page);
});

tried("an empty object says so", async ({ page }) => {
  await open(page, "5");
  await dialog(page).getByText("The object is empty").waitFor();
  await picture(page, "empty");
  await close(page);
  assertQuiet(scene);
});

tried("an object that cannot be had says why, and can be tried again", async ({ page }) => {
  const answer = { title: "A part of the service does not answer.", status: 503, code: "unavailable", detail: "Try again in a moment." };
  await page.route("**/object?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(answer) }));
  await open(page, "1");
  await dialog(page).getByText("A part of the service does not answer.").waitFor();
  await picture(page, "error");
  await page.unroute("**/object?*");
  await dialog(page).getByRole("button", { name: "Try again" }).click();
  await dialog(page).getByLabel("Text of the object").waitFor();
  await close(page);
});
