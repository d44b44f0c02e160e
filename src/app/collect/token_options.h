// The options about tokens and the client certificate that `collect`, `check pop3` and `check
// device-code` share. Secrets come from files alone.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "collector/token_settings.h"
#include "collector/token_source.h"
#include "net/tls.h"

namespace watchpost::app {

/// As they were typed.
struct TypedTokens {
    std::string from;
    std::string endpoint;
    std::string device_endpoint;
    std::string client_id;
    std::string scope;
    std::string ca;
    std::string client_secret_file;
    std::string refresh_token_file;
    std::string client_certificate;
    std::string client_key;
};

void declare_tokens(CLI::App& cli, TypedTokens& typed);
void declare_client_certificate(CLI::App& cli, TypedTokens& typed);

/// Without secrets; nothing where no token is fetched.
[[nodiscard]] base::Result<std::optional<collector::TokenSettings>>
token_settings(const TypedTokens& typed);

/// With the secrets out of their files.
[[nodiscard]] base::Result<collector::TokenRequest>
token_request(const TypedTokens& typed, const collector::TokenSettings& settings);

/// Certificate and key out of their files, checked to belong together.
[[nodiscard]] base::Result<void> read_client_certificate(const TypedTokens& typed,
                                                         net::TlsSettings& tls);

} // namespace watchpost::app
