import { describe, expect, it } from "vitest";
import { needsPassword, newValues, secretLabel, type Settings, toSettings, toValues } from "../src/pages/pop3_form";
import { proposal } from "../src/pages/pop3_tokens";

const saved: Settings = {
  ...toSettings(newValues(), undefined),
  name: "Copies",
  server: "outlook.office365.com",
  user: "copies@example.org",
  authentication: "xoauth2",
  token_from: "refresh_token",
  token_endpoint: "https://login.example/token",
  token_device_endpoint: "https://login.example/device",
  token_client_id: "id",
  token_scope: "pop",
  token_ca_pem: "",
  secret_expires_on: "2027-01-31",
};

describe("tokens in the POP3 form", () => {
  it("gives back what it was given", () => {
    expect(toSettings(toValues(saved), 3)).toMatchObject({ ...saved, version: 3 });
  });
  it("sends nothing of them where the log-in takes no token, or one that is typed in", () => {
    for (const change of [{ authentication: "plain" as const }, { tokenFrom: "typed" as const }]) {
      const settings = toSettings({ ...toValues(saved), ...change, clientSecret: "x" }, 1);
      expect(Object.keys(settings).filter((key) => key.startsWith("token_") || key.includes("secret"))).toEqual([]);
    }
  });
  it("asks for the secret that the way to log in has", () => {
    expect(secretLabel(newValues())).toBe("Password");
    expect(secretLabel(toValues(saved))).toBe("Refresh token");
    expect(secretLabel({ ...toValues(saved), tokenFrom: "typed" })).toBe("Access token");
    expect(secretLabel({ ...toValues(saved), tokenFrom: "client_credentials" })).toBeUndefined();
    expect(secretLabel({ ...toValues(saved), authentication: "external" })).toBeUndefined();
  });
  it("wants it again where the token would come from elsewhere, and not for a date", () => {
    expect(needsPassword({ ...toValues(saved), tokenEndpoint: "https://evil.example/" }, saved)).toBe(true);
    expect(needsPassword({ ...toValues(saved), tokenClientId: "x" }, saved)).toBe(true);
    expect(needsPassword({ ...toValues(saved), tokenDeviceEndpoint: "https://evil.example/" }, saved)).toBe(true);
    expect(needsPassword({ ...toValues(saved), secretExpiresOn: "", tokenScope: "x" }, saved)).toBe(false);
  });
  it("lets a saved client secret go only where that is asked for", () => {
    expect(toSettings(toValues(saved), 1)).not.toHaveProperty("client_secret");
    const cleared = { ...toValues(saved), isClientSecretCleared: true };
    expect(toSettings(cleared, 1).client_secret).toBeNull();
    expect(toSettings({ ...cleared, clientSecret: "new" }, 1).client_secret).toBe("new");
  });
  it("sends what a device code brought, unless something was typed", () => {
    const values = { ...toValues(saved), sealedToken: "sealed" };
    expect(toSettings(values, 1).sealed_token).toBe("sealed");
    expect(toSettings({ ...values, password: "typed" }, 1)).not.toHaveProperty("sealed_token");
  });
  it("proposes Microsoft's addresses by tenant, and no device code for Google", () => {
    expect(proposal("microsoft", " my tenant ", "refresh_token").tokenDeviceEndpoint).toBe("https://login.microsoftonline.com/my%20tenant/oauth2/v2.0/devicecode");
    expect(proposal("microsoft", "t", "client_credentials")).toEqual({ tokenEndpoint: "https://login.microsoftonline.com/t/oauth2/v2.0/token", tokenDeviceEndpoint: "", tokenScope: "https://outlook.office365.com/.default" });
    expect(proposal("google", "", "refresh_token").tokenDeviceEndpoint).toBe("");
    expect(proposal("none", "", "refresh_token")).toEqual({});
  });
  it("sends a client certificate only under TLS, and its key only where one was chosen", () => {
    const values = { ...toValues(saved), clientCertificatePem: "CERT" };
    expect(toSettings(values, 1)).toMatchObject({ client_certificate_pem: "CERT" });
    expect(toSettings(values, 1)).not.toHaveProperty("client_key_pem");
    expect(toSettings({ ...values, useTls: false, clientKeyPem: "KEY" }, 1)).not.toHaveProperty("client_key_pem");
  });
});
