import { describe, expect, it } from "vitest";
import { delayWords, senderSentence, trustedResults } from "../src/pages/header_evidence";
import { hasFacts, hidingSentence, scriptSentence } from "../src/pages/html_facts";
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

describe("the QR codes", () => {
  it("are read with care", () => {
    const qr_codes = [{ part: "2", drawn_as: "image", text: "https://a.example/" }, 7];
    expect(toMessageView({ qr_codes }).qrCodes).toEqual([
      { part: "2", drawnAs: "image", text: "https://a.example/" },
      { part: "", drawnAs: "", text: "" },
    ]);
    expect(toMessageView({}).qrCodes).toEqual([]);
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

describe("the evidence of the header", () => {
  it("is read with care", () => {
    const view = toMessageView({ headers: { hops: [{ received: { delay_s: "4", time: 7 } }], authentication_results: [{ trusted: "yes" }] } });
    expect(view.hops).toEqual([{ from: "", by: "", protocol: "", time: "", delay: undefined }]);
    expect(view.authentication).toEqual([{ server: "", isTrusted: false, results: [] }]);
  });
  it("says how long a hop took", () => {
    expect([undefined, 0, 4, 65, 7_200, 11_400, 190_800, -65].map(delayWords)).toEqual([
      "", "0 s", "4 s", "1 min 5 s", "2 h", "3 h 10 min", "2 d 5 h", "1 min 5 s back: the clocks differ",
    ]);
  });
  it("tells the results of trusted servers alone", () => {
    const results = [{ method: "spf", result: "pass", reason: "", properties: [] }];
    expect(trustedResults([{ server: "mx", isTrusted: true, results }, { server: "evil", isTrusted: false, results }])).toBe("spf pass, says mx");
    expect(trustedResults([{ server: "mx", isTrusted: true, results: [] }])).toBe("nothing, says mx");
  });
  it("has a sentence for what is not known yet", () => {
    expect(senderSentence("a_new_note")).toBe("a new note:");
  });
});

describe("what an HTML document holds", () => {
  const document = toMessageView({ html_documents: [{ part: "1", scripts: null, forms: 7 }] }).htmlDocuments[0]!;
  it("is read with care, and a document without facts is not worth a card", () => {
    expect(document.scripts.loaded).toBe(0);
    expect(document.forms).toEqual([]);
    expect(hasFacts(document)).toBe(false);
    expect(hasFacts({ ...document, refresh: "https://e/" })).toBe(true);
    expect(hasFacts({ ...document, scripts: { ...document.scripts, handlers: 1 } })).toBe(true);
  });
  it("says how text was hidden and which scripts there are", () => {
    expect(hidingSentence(["display", "color", "by_magic"])).toBe("Not displayed; in the colour of its background; by_magic.");
    expect(hidingSentence([])).toBe("");
    const scripts = { inDocument: 2, loaded: 1, handlers: 0, addresses: 0, inSvg: 1 };
    expect(scriptSentence(scripts)).toBe("2 in the document, one loaded from elsewhere, one of them in an SVG image");
  });
  it("tells a link whose text names another host", () => {
    const link = { href_url: { url: "https://e/" }, display_url: { url: "bank.example" }, mismatched: true };
    expect(toMessageView({ body: { links: [link] } }).links[0]).toMatchObject({ mismatch: "bank.example", written: "" });
    expect(toMessageView({ body: { links: [{ ...link, mismatched: false }] } }).links[0]?.mismatch).toBe("");
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
