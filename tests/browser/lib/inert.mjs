// What a page that shows hostile content must be like, and what must not have happened in it.
import assert from "node:assert/strict";
import { beacon } from "./hostile_message.mjs";

/** Only the Central Node was asked, and nothing of the message ran. */
export function assertQuiet({ happened, node }) {
  const elsewhere = happened.requests.filter((url) => !url.startsWith(node.url) && !url.startsWith(`blob:${node.url}`));
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(happened.dialogs, []);
  assert.deepEqual(happened.errors, []);
  assert.deepEqual(happened.violations, [], "nothing even tried");
  assert.equal(happened.pages.length, 1, "no window was opened");
}

/** No element of the page came from the message, and nothing sticks out of it. */
export async function assertInert(page) {
  assert.doesNotMatch(await page.title(), /run/);
  const found = await page.evaluate((host) => {
    const all = [...document.querySelectorAll("*")];
    return {
      foreign: all.filter((one) => [...one.attributes].some(({ name, value }) => /^(src|href|action|data|style|srcset|poster|formaction)$/.test(name) && value.includes(host))).map((one) => one.outerHTML),
      handlers: all.filter((one) => [...one.attributes].some(({ name }) => /^on/.test(name))).map((one) => one.outerHTML),
      kinds: all.filter((one) => /^(iframe|object|embed|video|audio|base|frame)$/i.test(one.tagName)).map((one) => one.outerHTML),
      isWide: document.documentElement.scrollWidth > window.innerWidth,
    };
  }, beacon);
  assert.deepEqual(found, { foreign: [], handlers: [], kinds: [], isWide: false });
}
