import { describe, expect, it } from "vitest";
import { toMessageView } from "../src/pages/message_view";
import { toPartTree } from "../src/pages/part_tree";

const part = (path: string) => ({ path, reading: "", type: "", filename: "", size: 0, sha256: "" });

describe("the message data model", () => {
  it("is read with care: nothing and nonsense are empty", () => {
    for (const value of [undefined, null, 7, "x", [], { sender: null, recipients: { to: "x" }, body: { links: [null, 3] } }]) {
      const view = toMessageView(value);
      expect(view.from).toBe("");
      expect(view.to).toEqual([]);
      expect(view.plain).toBe("");
    }
  });
  it("shows a name with its address", () => {
    const sender = { display_name: "Ann", email: { email: "ann@example.org" } };
    expect(toMessageView({ sender }).from).toBe("Ann <ann@example.org>");
    expect(toMessageView({ sender: { ...sender, display_name: "" } }).from).toBe("ann@example.org");
  });
});

describe("the links", () => {
  it("carry the steps of what wraps them", () => {
    const step = { wrapper: "W", url: "https://a.example/" };
    const links = [{ href_url: { url: "https://w.example/" }, unwrapped: [step, null] }, { href_url: null, unwrapped: 7 }];
    expect(toMessageView({ body: { links } }).links.map(({ unwrapped }) => unwrapped)).toEqual([[step, { wrapper: "", url: "" }], []]);
  });
});

describe("how a message arrived", () => {
  it("is read with care, and nothing where nothing tells it", () => {
    expect(toMessageView({}).copy).toBeUndefined();
    expect(toMessageView({ copy: null }).copy).toBeUndefined();
    expect(toMessageView({ copy: { evidence: 7, recipients: [null], journal: null } }).copy).toMatchObject({
      form: "",
      evidence: [],
      known: [{ address: "", field: "", origin: "" }],
      otherLines: [],
    });
  });
  it("names the sender of the report", () => {
    const journal = { sender: "secretary@x", on_behalf_of: "ann@x" };
    expect(toMessageView({ copy: { journal } }).copy).toMatchObject({ reportedSender: "secretary@x", onBehalfOf: "ann@x" });
    expect(toMessageView({ copy: { journal: null } }).copy).toMatchObject({ reportedSender: "", onBehalfOf: "" });
  });
  it("says what led to a recipient", () => {
    const recipient = { mailbox: { display_name: "", email: { email: "m@x" } }, field: "bcc", expanded_from: "l@x", forwarded_from: "f@x" };
    expect(toMessageView({ copy: { recipients: [recipient] } }).copy?.known).toEqual([
      { address: "m@x", field: "bcc", origin: "by the list l@x, forwarded from f@x" },
    ]);
  });
});

describe("the tree of parts", () => {
  const paths = (nodes: ReturnType<typeof toPartTree>): unknown[] => nodes.map(({ part: { path }, children }) => [path, ...paths(children)]);
  it("hangs a part under the nearest container that is listed", () => {
    expect(paths(toPartTree(["", "1", "2", "2/1", "2/a.zip", "2/a.zip/b.com"].map(part)))).toEqual([
      ["", ["1"], ["2", ["2/1"], ["2/a.zip", ["2/a.zip/b.com"]]]],
    ]);
  });
  it("does not take a name's beginning for its container", () => {
    expect(paths(toPartTree(["1", "10", "1.1"].map(part)))).toEqual([["1", ["1.1"]], ["10"]]);
  });
  it("loses no part whose path is given twice", () => {
    expect(toPartTree([part("1"), part("1")])).toHaveLength(2);
  });
});
