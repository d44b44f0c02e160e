// What the form proposes for tokens that are fetched: nothing of a provider is known anywhere else.
import type { FormValues } from "./pop3_form";

export type TokenFrom = FormValues["tokenFrom"];

export const tokenChoices = [
  { value: "typed", label: "Typed in" },
  { value: "refresh_token", label: "Refresh token" },
  { value: "client_credentials", label: "Client credentials" },
] as const;

export function tokenHelp(from: TokenFrom): string {
  switch (from) {
    case "typed":
      return "The token is used as it is: when it has run out, another one is needed here.";
    case "refresh_token":
      return "Somebody signs in once, by device code or with another tool; access tokens are then fetched with the refresh token.";
    case "client_credentials":
      return "The application itself may read the mailbox: access tokens are fetched with its id and secret, and nobody signs in.";
  }
}

export const providers = [
  { value: "none", label: "Another provider" },
  { value: "microsoft", label: "Microsoft 365" },
  { value: "google", label: "Google Workspace" },
] as const;

export type Provider = (typeof providers)[number]["value"];

/** A proposal for the fields; nothing where the provider is none that we know the addresses of. */
export function proposal(provider: Provider, tenant: string, from: TokenFrom): Partial<FormValues> {
  switch (provider) {
    case "none":
      return {};
    case "microsoft": {
      const base = `https://login.microsoftonline.com/${encodeURIComponent(tenant.trim())}/oauth2/v2.0`;
      return from === "client_credentials"
        ? { tokenEndpoint: `${base}/token`, tokenDeviceEndpoint: "", tokenScope: "https://outlook.office365.com/.default" }
        : { tokenEndpoint: `${base}/token`, tokenDeviceEndpoint: `${base}/devicecode`, tokenScope: "https://outlook.office.com/POP.AccessAsUser.All offline_access" };
    }
    case "google": // it offers no device code for mail
      return { tokenEndpoint: "https://oauth2.googleapis.com/token", tokenDeviceEndpoint: "", tokenScope: "https://mail.google.com/" };
  }
}
