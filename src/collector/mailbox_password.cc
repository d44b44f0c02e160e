#include "collector/mailbox_password.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/bytes.h"
#include "crypto/sha256.h"

namespace watchpost::collector {
namespace {

using base::ErrorCode;
using base::Retry;
using Json = nlohmann::json;

/// A sealed text begins with this and the digest of these fields; other fields need another number.
constexpr std::string_view format = "1 ";
constexpr std::array destination_fields{"server",     "port",        "use_tls",          "tls_mode",
                                        "user",       "certificate", "certificate_name", "ca_pem",
                                        "pin_sha256", "ciphers"};

/// Which way it is sent counts too: another one may be weaker. The default is left out, so that
/// what was sealed before there was a choice can still be opened.
void add_authentication(const Json& settings, Json& values)
{
    const auto found = settings.find("authentication");
    if (found != settings.end() && !found->is_null() && *found != "auto") {
        values.push_back(*found);
    }
}

/// A proxy sees what is sent in clear. None is left out, so that what was sealed before there was a
/// choice can still be opened.
void add_proxy(const Json& settings, Json& values)
{
    const auto found = settings.find("proxy");
    if (found != settings.end() && found->is_string() &&
        !found->get_ref<const std::string&>().empty()) {
        values.push_back(Json{{"proxy", *found}});
    }
}

/// Nothing where the settings are no JSON object.
std::optional<std::string> destination(const std::string& settings_json)
{
    const Json settings = Json::parse(settings_json, nullptr, false);
    if (!settings.is_object()) {
        return std::nullopt;
    }
    Json values;
    for (const char* const field : destination_fields) {
        const auto found = settings.find(field);
        values.push_back(found == settings.end() ? Json{} : *found);
    }
    add_authentication(settings, values);
    add_proxy(settings, values);
    const auto text = values.dump(-1, ' ', false, Json::error_handler_t::replace);
    return crypto::to_hex(crypto::sha256(base::as_bytes(text)));
}

} // namespace

bool go_to_the_same(const std::string& settings_json, const std::string& other_json)
{
    const auto one = destination(settings_json);
    return one && one == destination(other_json);
}

std::string seal_password(const secrets::PublicKey& collector, const std::string& settings_json,
                          std::string_view password)
{
    std::string text{format};
    text += destination(settings_json).value_or("");
    text += ' ';
    text += password;
    const secrets::Secret bound{std::move(text)};
    return secrets::seal(collector, bound.reveal());
}

base::Result<secrets::Secret> open_password(const secrets::KeyPair& key,
                                            const std::string& settings_json,
                                            const std::string& sealed)
{
    if (sealed.empty()) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "no password is stored; type it in and press Apply");
    }
    const auto opened = key.open(sealed);
    if (!opened) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "the stored password cannot be opened with the collector's key (" +
                              opened.error().message() +
                              "); type the password again and press Apply");
    }
    const auto expected =
        std::string{format} + destination(settings_json).value_or("no settings") + " ";
    std::string_view text = opened->reveal();
    if (!text.starts_with(expected)) {
        return base::fail(
            ErrorCode::invalid_argument, Retry::never,
            "the stored password was typed for another server, port, TLS settings, "
            "user or authentication and is not sent; type the password again and press Apply");
    }
    text.remove_prefix(expected.size());
    return secrets::Secret{std::string{text}};
}

} // namespace watchpost::collector
