#include "app/collect/token_options.h"

#include <utility>

#include "app/collect/password_file.h"
#include "diag/quote.h"
#include "net/own_certificate.h"
#include "os/file_system.h"
#include "os/replace_file.h"

namespace watchpost::app {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::size_t pem_bytes_max = 200'000;

base::Failure invalid(std::string message)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(message));
}

/// Empty where no file is named.
Result<std::string> read_pem(std::string_view option, const std::string& file)
{
    if (file.empty()) {
        return std::string{};
    }
    const std::filesystem::path path{file};
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const std::string name = path.filename();
    auto text =
        os::open_folder(folder).and_then([&](const std::unique_ptr<os::FileSystem>& opened) {
            return os::read_whole_file(*opened, name, pem_bytes_max);
        });
    return text ? std::move(text) : base::fail(std::move(text).error().during(std::string{option}));
}

Result<http::HttpsUrl> read_address(std::string_view option, const std::string& text)
{
    auto url = http::parse_https_url(text);
    return url ? std::move(url) : invalid(std::string{option} + ": " + url.error().message());
}

} // namespace

void declare_tokens(CLI::App& cli, TypedTokens& typed)
{
    cli.add_option("--token-endpoint", typed.endpoint,
                   "https address from which access tokens are fetched (RFC 6749)");
    cli.add_option("--device-endpoint", typed.device_endpoint,
                   "https address that gives device codes (RFC 8628)");
    cli.add_option("--client-id", typed.client_id, "The application's id at the provider");
    cli.add_option("--token-scope", typed.scope, "What the token is to be good for");
    cli.add_option("--token-ca", typed.ca,
                   "PEM file of certificates to trust at these addresses beside the system's");
    cli.add_option("--client-secret-file", typed.client_secret_file,
                   "File whose first line is the application's secret");
    cli.add_option("--refresh-token-file", typed.refresh_token_file,
                   "File whose first line is the refresh token; rewritten where the server gives "
                   "another one");
}

void declare_client_certificate(CLI::App& cli, TypedTokens& typed)
{
    cli.add_option("--client-certificate", typed.client_certificate,
                   "PEM file of the certificate, then its issuers, that the mail server is shown");
    cli.add_option("--client-key", typed.client_key,
                   "PEM file of its private key, without a pass phrase");
}

Result<std::optional<collector::TokenSettings>> token_settings(const TypedTokens& typed)
{
    if (typed.from.empty()) {
        const bool has_others = !typed.endpoint.empty() || !typed.client_secret_file.empty() ||
                                !typed.refresh_token_file.empty();
        return has_others ? Result<std::optional<collector::TokenSettings>>{invalid(
                                "--token-endpoint, --client-secret-file and --refresh-token-file: "
                                "--token-from has to say how the token is fetched")}
                          : std::nullopt;
    }
    const auto grant = collector::parse_token_grant(typed.from);
    if (!grant) {
        return invalid("--token-from: \"" + diag::quote(typed.from) +
                       "\" is none of refresh-token, client-credentials");
    }
    if (typed.client_id.empty() || !collector::is_visible_ascii(typed.client_id) ||
        !collector::is_visible_ascii(typed.scope)) {
        return invalid("--client-id is needed; it and --token-scope are plain ASCII");
    }
    auto endpoint = read_address("--token-endpoint", typed.endpoint);
    if (!endpoint) {
        return base::fail(std::move(endpoint).error());
    }
    collector::TokenSettings settings{.grant = *grant, .endpoint = *std::move(endpoint)};
    if (!typed.device_endpoint.empty()) {
        auto device = read_address("--device-endpoint", typed.device_endpoint);
        if (!device) {
            return base::fail(std::move(device).error());
        }
        settings.device_endpoint = *std::move(device);
    }
    auto ca = read_pem("--token-ca", typed.ca);
    if (!ca) {
        return base::fail(std::move(ca).error());
    }
    settings.client_id = typed.client_id;
    settings.scope = typed.scope;
    settings.ca_pem = *std::move(ca);
    return settings;
}

Result<collector::TokenRequest> token_request(const TypedTokens& typed,
                                              const collector::TokenSettings& settings)
{
    collector::TokenRequest request{.settings = settings};
    const bool refreshes = settings.grant == collector::TokenGrant::refresh_token;
    if (!typed.client_secret_file.empty()) {
        auto secret = read_password_file(typed.client_secret_file, "--client-secret-file");
        if (!secret) {
            return base::fail(std::move(secret).error());
        }
        (refreshes ? request.client_secret : request.secret) = *std::move(secret);
    }
    if (refreshes && !typed.refresh_token_file.empty()) {
        auto token = read_password_file(typed.refresh_token_file, "--refresh-token-file");
        if (!token) {
            return base::fail(std::move(token).error());
        }
        request.secret = *std::move(token);
    }
    if (request.secret.empty()) {
        return invalid(refreshes ? "--token-from refresh-token needs --refresh-token-file; "
                                   "`watchpost check device-code` makes one"
                                 : "--token-from client-credentials needs --client-secret-file");
    }
    return request;
}

Result<void> read_client_certificate(const TypedTokens& typed, net::TlsSettings& tls)
{
    auto certificate = read_pem("--client-certificate", typed.client_certificate);
    auto key = read_pem("--client-key", typed.client_key);
    if (!certificate || !key) {
        return base::fail(certificate ? std::move(key).error() : std::move(certificate).error());
    }
    if (certificate->empty() != key->empty()) {
        return invalid("--client-certificate and --client-key belong together");
    }
    if (certificate->empty()) {
        return {};
    }
    if (auto belong = net::check_certificate_and_key(*certificate, *key); !belong) {
        return base::fail(std::move(belong).error().during("--client-certificate"));
    }
    tls.client_certificate_pem = *std::move(certificate);
    tls.client_key_pem = *std::move(key);
    return {};
}

} // namespace watchpost::app
