// @vitest-environment jsdom
// A page that fails: what is shown in its place.
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ErrorBoundary } from "../src/ui/error_boundary";

let root: Root;
let box: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.spyOn(console, "error").mockImplementation(() => undefined); // React tells of what was caught
  box = document.createElement("div");
  document.body.append(box);
  root = createRoot(box);
});

afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
  vi.restoreAllMocks();
});

function Broken({ what }: { what: unknown }): never {
  throw what;
}

const home = { path: "/alerts", title: "Alerts" };

async function show(place: string, page: React.ReactNode) {
  await act(async () =>
    root.render(
      <ErrorBoundary place={place} version="1.2.3" home={home}>
        {page}
      </ErrorBoundary>,
    ),
  );
}

function words(): string {
  return box.textContent ?? "";
}

describe("a page that fails", () => {
  it("says so in plain words, with a way on", async () => {
    await show("/users?", <Broken what={new TypeError("items is undefined")} />);
    expect(words()).toContain("This page cannot be shown");
    expect(words()).toContain("Watchpost itself goes on");
    expect([...box.querySelectorAll("button")].map((button) => button.textContent)).toContain("Reload the page");
    expect(box.querySelector("a")?.getAttribute("href")).toBe("/alerts");
    expect(box.querySelector("a")?.textContent).toBe("Go to Alerts");
  });

  it("has the details for who mends it: the mistake, the place, the version", async () => {
    await show("/users?", <Broken what={new TypeError("items is undefined")} />);
    const details = box.querySelector("pre")?.textContent ?? "";
    expect(details).toContain("TypeError: items is undefined");
    expect(details).toContain("/users");
    expect(details).toContain("1.2.3");
  });

  it("shows what a message has to do with it as text", async () => {
    await show("/users?", <Broken what={"<img src=x>\u202e"} />);
    expect(box.querySelector("img")).toBeNull();
    expect(words()).toContain("<img src=x>");
    expect(words()).toContain("U+202E");
  });

  it("offers no way to where one is", async () => {
    await show("/alerts?state=new", <Broken what={new Error("again")} />);
    expect(box.querySelector("a")).toBeNull();
  });

  it("is forgotten where another page is opened", async () => {
    await show("/users?", <Broken what={new Error("once")} />);
    await show("/status?", <p>System status</p>);
    expect(words()).toBe("System status");
  });
});

describe("a page that works", () => {
  it("is shown as it is", async () => {
    await show("/users?", <p>Users</p>);
    expect(words()).toBe("Users");
  });
});
