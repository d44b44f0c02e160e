// @vitest-environment jsdom
// When a page may read so that no event is missed: the stream of events and what becomes of it.
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startEvents, stopEvents, useEvent, whenEventsFlow } from "../src/api/events";

class FakeSource {
  static last: FakeSource;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  constructor(readonly url: string) {
    FakeSource.last = this;
  }
  addEventListener(): void {}
  close(): void {}
}

async function flows(): Promise<boolean> {
  let isSettled = false;
  void whenEventsFlow().then(() => (isSettled = true));
  await vi.advanceTimersByTimeAsync(0);
  return isSettled;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
});

afterEach(() => {
  stopEvents();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the stream of events", () => {
  it("keeps nobody waiting where there is none", async () => {
    expect(await flows()).toBe(true);
  });

  it("is open before a page reads", async () => {
    startEvents();
    expect(await flows()).toBe(false);
    FakeSource.last.onopen();
    expect(await flows()).toBe(true);
  });

  it("is not waited for where it cannot be had", async () => {
    startEvents();
    FakeSource.last.onerror();
    expect(await flows()).toBe(true);
  });

  it("is waited for a second, no more", async () => {
    startEvents();
    await vi.advanceTimersByTimeAsync(999);
    expect(await flows()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await flows()).toBe(true);
  });

  it("tells those who did not wait for it to read anew", async () => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    const resync = vi.fn();
    const Page = () => {
      useEvent("resync", resync);
      return null;
    };
    const root = createRoot(document.createElement("div"));
    await act(async () => root.render(createElement(Page)));
    startEvents();
    FakeSource.last.onopen();
    expect(resync).not.toHaveBeenCalled();
    startEvents();
    await vi.advanceTimersByTimeAsync(1000);
    FakeSource.last.onopen();
    expect(resync).toHaveBeenCalledTimes(1);
    await act(async () => root.unmount());
  });
});
