import { describe, expect, it } from "vitest";
import { authenticationChoices, authenticationHelp, hasProxyUser, middleWarning, needsPassword, newValues, type Settings, toSettings, toValues, unsendable, withTls } from "../src/pages/pop3_form";

const saved: Settings = {
  name: "Journal",
  enabled: true,
  server: "mail.example.org",
  port: 995,
  receive_every_s: 60,
  use_tls: true,
  tls_mode: "implicit",
  user: "journal",
  authentication: "auto",
  certificate: "trusted",
  after_retrieval: "leave",
  first_poll: "all",
  copies: "journal",
  size_limit_bytes: 268435456,
  different_maildrop: false,
};

describe("the POP3 integration form", () => {
  it("begins with the defaults of the design", () => {
    expect(toSettings(newValues(), undefined)).toMatchObject({
      enabled: false,
      port: 995,
      receive_every_s: 60,
      use_tls: true,
      tls_mode: "implicit",
      certificate: "trusted",
      after_retrieval: "leave",
      first_poll: "all",
      size_limit_bytes: 268435456,
    });
  });
  it("proposes the port of the TLS mode", () => {
    expect(withTls(newValues(), { tlsMode: "stls" }).port).toBe("110");
    expect(withTls(newValues(), { useTls: false }).port).toBe("110");
    expect(withTls(withTls(newValues(), { useTls: false }), { useTls: true }).port).toBe("995");
  });
  it("never changes a port that was typed, nor a saved one that differs", () => {
    expect(withTls({ ...newValues(), port: "995", isPortTyped: true }, { useTls: false }).port).toBe("995");
    expect(withTls(toValues({ ...saved, port: 2110 }), { tlsMode: "stls" }).port).toBe("2110");
  });
  it("gives back what it was given", () => {
    expect(toSettings(toValues(saved), 3)).toMatchObject({ ...saved, version: 3 });
    expect(toSettings(toValues({ ...saved, size_limit_bytes: 0 }), 3).size_limit_bytes).toBe(0);
  });
  it("sends a password only where one was typed", () => {
    expect(toSettings(toValues(saved), 1)).not.toHaveProperty("password");
    expect(toSettings({ ...toValues(saved), password: " x" }, 1).password).toBe(" x");
  });
  it("sends a proxy's password only with a proxy that names a user", () => {
    const typed = { ...toValues(saved), proxy: "socks5://ann@proxy:1080", proxyPassword: "p" };
    expect(toSettings(typed, 1)).toMatchObject({ proxy: "socks5://ann@proxy:1080", proxy_password: "p" });
    expect(toSettings({ ...typed, proxy: "socks5://proxy:1080" }, 1)).not.toHaveProperty("proxy_password");
    expect(toSettings({ ...typed, proxyPassword: "" }, 1)).not.toHaveProperty("proxy_password");
    expect(hasProxyUser({ ...typed, proxy: "http://proxy:3128/a@b" })).toBe(false);
  });
  it("asks for the password again where it could go to somebody else", () => {
    expect(needsPassword(toValues(saved), saved)).toBe(false);
    expect(needsPassword({ ...toValues(saved), receiveEvery: "5", name: "x" }, saved)).toBe(false);
    for (const change of [{ server: "evil" }, { port: "1" }, { user: "b" }, { useTls: false }, { certificate: "any" as const }, { pin: "ab" }, { proxy: "socks5://proxy:1080" }, { authentication: "plain" as const }]) {
      expect(needsPassword({ ...toValues(saved), ...change }, saved)).toBe(true);
    }
    expect(needsPassword(newValues(), undefined)).toBe(true);
  });
  it("offers every way to log in, and says what each means for the password", () => {
    expect(new Set(authenticationChoices.map((choice) => choice.value)).size).toBe(13);
    expect(authenticationHelp("auto")).toMatch(/strongest/);
    for (const { value } of authenticationChoices) {
      expect(authenticationHelp(value)).not.toBe("");
    }
    for (const value of ["plain", "login", "user_pass"] as const) {
      expect(authenticationHelp(value)).toMatch(/The password itself is sent/);
    }
    expect(toSettings(newValues(), undefined).authentication).toBe("auto");
    expect(toSettings({ ...newValues(), authentication: "scram_sha_256" }, undefined).authentication).toBe("scram_sha_256");
  });
  it("keeps back only what the request cannot carry", () => {
    expect(unsendable({ ...newValues(), port: "99999", receiveEvery: "0" })).toEqual({});
    expect(Object.keys(unsendable({ ...newValues(), port: "pop3", receiveEvery: "1.5", sizeLimitMib: "x" }))).toEqual([
      "port",
      "receive_every_s",
      "size_limit_bytes",
    ]);
  });
  it("takes a fingerprint as viewers show it", () => {
    expect(toSettings({ ...newValues(), pin: "AB:CD EF" }, undefined).pin_sha256).toBe("ABCDEF");
  });
  it("warns by the value that was chosen", () => {
    const variant = (change: object) => middleWarning({ ...newValues(), ...change }).variant;
    expect(variant({ useTls: false })).toBe("danger");
    expect(variant({ certificate: "any" })).toBe("danger");
    expect(variant({ certificate: "any", pin: "ab" })).toBe("warning");
    expect(variant({ certificate: "self_signed" })).toBe("warning");
    expect(variant({ certificate: "trusted" })).toBe("info");
  });
});
