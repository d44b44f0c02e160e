// Everything that a test of the console needs, started and ended together.
import { after, before } from "node:test";
import { openPage, startBrowser } from "./browser.mjs";
import { signInFirst } from "./console.mjs";
import { CentralNode, Stage } from "./programs.mjs";

/** Filled before the first test. `signs in` leaves `scene.page` signed in as the first administrator. */
export function makeScene(servers, { signsIn = true } = {}) {
  const scene = {};
  before(async () => {
    scene.browser = await startBrowser();
    scene.stage = await Stage.start(...servers);
    scene.node = await CentralNode.start(scene.stage);
    Object.assign(scene, await openPage(scene.browser, scene.node.url));
    if (signsIn) {
      await signInFirst(scene.page, scene.node.user, scene.node.password);
    }
  });
  after(async () => {
    await scene.browser?.close();
    await scene.node?.stop();
    await scene.stage?.stop();
  });
  return scene;
}
