// What a mailbox logs in with, opened from its sealed secrets for one poll or one test.
//
// Holds secrets: lives no longer than that. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "collector/mailbox_password.h"
#include "collector/mailbox_settings.h"
#include "collector/token_source.h"
#include "pop3/credentials.h"
#include "secrets/sealed_box.h"

namespace watchpost::collector {

struct MailboxLogin {
    /// Where a token is fetched, or by EXTERNAL, their password is the judged_secret() instead,
    /// which is not sent to the mail server.
    pop3::Credentials credentials;
    std::optional<TokenRequest> token;
};

/// What a refusal is a judgement on, and so what refused log-ins are remembered by: the password;
/// where a token is fetched, what it is fetched with; by EXTERNAL, the client certificate's digest.
[[nodiscard]] std::string judged_secret(const MailboxSettings& settings, const TokenRequest* token,
                                        const std::string& password);

/// As judged_secret, where the refresh token may be another one at each run since the server
/// rotates it: end point and client stand for it.
[[nodiscard]] std::string lasting_secret(const TokenRequest& token);

/// The kinds without which these settings (JSON, as for check_integration, whether right or wrong)
/// cannot log in.
[[nodiscard]] std::vector<SecretKind> needed_secrets(const std::string& settings_json);

/// These, and those that they can use besides.
[[nodiscard]] std::vector<SecretKind> usable_secrets(const std::string& settings_json);

/// What is wrong with a private key that was typed for the client certificate of these settings, as
/// a sentence; empty: nothing.
[[nodiscard]] std::string fault_of_client_key(const std::string& settings_json,
                                              const std::string& key_pem);

/// Whether the key that was sealed with the one settings serves the certificate of the other.
[[nodiscard]] bool keep_the_client_key(const std::string& stored_json, const std::string& now_json);

/// Also puts the private key of a client certificate and the proxy's password into the settings. As
/// open_secret.
[[nodiscard]] base::Result<MailboxLogin> open_login(const secrets::KeyPair& key,
                                                    MailboxSettings& settings,
                                                    const std::string& settings_json,
                                                    const std::string& sealed);

} // namespace watchpost::collector
