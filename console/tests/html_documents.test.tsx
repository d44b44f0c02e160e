// @vitest-environment jsdom
// More HTML documents than a page shows: none of them goes unsaid.
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HtmlDocuments } from "../src/pages/html_documents";
import { toMessageView } from "../src/pages/message_view";

let root: Root;
let box: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  box = document.createElement("div");
  document.body.append(box);
  root = createRoot(box);
});

afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
});

async function show(count: number) {
  const html_documents = Array.from({ length: count }, (_one, index) => ({ part: `1!${index + 1}.html`, objects: 1 }));
  await act(async () => root.render(<HtmlDocuments documents={toMessageView({ html_documents }).htmlDocuments} />));
}

const button = (name: string) => [...box.querySelectorAll("button")].find((one) => one.textContent === name);

it("shows a page and says how many there are", async () => {
  await show(121);
  expect(box.textContent).toContain("HTML documents 1 to 50 of 121");
  expect(box.textContent).toContain("1!50.html");
  expect(box.textContent).not.toContain("1!51.html");
});

it("goes on to the last one", async () => {
  await show(121);
  await act(async () => button("Next")?.click());
  await act(async () => button("Next")?.click());
  expect(box.textContent).toContain("HTML documents 101 to 121 of 121");
  expect(box.textContent).toContain("1!121.html");
  expect(button("Next")?.disabled).toBe(true);
});

it("has no buttons where all are shown", async () => {
  await show(50);
  expect(box.querySelector("nav")).toBeNull();
  expect(box.textContent).toContain("1!50.html");
});
