// @vitest-environment jsdom
// What a page reads, and the events that come while it is read.
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../src/api/client";
import { type Loaded, useLoaded } from "../src/api/use_loaded";

type States = Record<string, string>;

let root: Root;
let box: HTMLElement;
let loaded: Loaded<States>;
let answers: { key: string; resolve: (data: States) => void; reject: (error: unknown) => void }[];

function Page({ about }: { about: string }) {
  loaded = useLoaded(about, () => new Promise<States>((resolve, reject) => answers.push({ key: about, resolve, reject })));
  return <p>{JSON.stringify(loaded.data ?? null)}</p>;
}

const show = (about: string) => act(async () => root.render(<Page about={about} />));
const shown = () => JSON.parse(box.textContent ?? "null") as States | null;
const answer = (data: States) => act(async () => answers.shift()?.resolve(data));
const event = (id: string, state: string) => act(async () => loaded.set((states) => ({ ...states, [id]: state })));
const reload = () => act(async () => loaded.reload());

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  answers = [];
  box = document.createElement("div");
  document.body.append(box);
  root = createRoot(box);
});

afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
  vi.unstubAllGlobals();
});

describe("what is read", () => {
  it("is shown, and an event changes it", async () => {
    await show("sensor");
    await answer({ archive: "ok" });
    await event("archive", "polling");
    expect(shown()).toEqual({ archive: "polling" });
    expect(answers).toHaveLength(0);
  });

  it("does not take back an event that came while it was under way", async () => {
    await show("sensor");
    await answer({ archive: "ok", office: "ok" });
    await reload();
    await event("archive", "disabled");
    await answer({ archive: "ok", office: "error" });
    expect(shown()).toEqual({ archive: "disabled", office: "error" });
  });

  it("forgets such an event with the next reading", async () => {
    await show("sensor");
    await event("archive", "disabled");
    await answer({ archive: "ok" });
    expect(shown()).toEqual({ archive: "disabled" });
    await reload();
    await answer({ archive: "waiting" });
    expect(shown()).toEqual({ archive: "waiting" });
  });

  it("is read once more where it was wanted while it was under way, however often", async () => {
    await show("sensor");
    await reload();
    await reload();
    await reload();
    expect(answers).toHaveLength(1);
    await answer({ archive: "ok" });
    expect(shown()).toEqual({ archive: "ok" });
    expect(answers).toHaveLength(1);
    await answer({ archive: "error" });
    expect(shown()).toEqual({ archive: "error" });
    expect(answers).toHaveLength(0);
  });

  it("stays where reading it anew fails, and the failure is told", async () => {
    await show("sensor");
    await answer({ archive: "ok" });
    await reload();
    const problem = new ApiProblem({ title: "The Central Node does not answer.", status: 0, code: "unavailable" });
    await act(async () => answers.shift()?.reject(problem));
    expect(shown()).toEqual({ archive: "ok" });
    expect(loaded.problem).toBe(problem);
    await reload();
    await answer({ archive: "error" });
    expect(loaded.problem).toBeUndefined();
  });

  it("is dropped where something else is wanted meanwhile", async () => {
    await show("one");
    await show("other");
    const [late, wanted] = answers;
    await act(async () => wanted?.resolve({ it: "other" }));
    await act(async () => late?.resolve({ it: "one" }));
    expect(shown()).toEqual({ it: "other" });
  });
});
