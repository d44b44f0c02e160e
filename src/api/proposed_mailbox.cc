#include "api/proposed_mailbox.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/body.h"
#include "collector/mailbox_login.h"
#include "collector/mailbox_password.h"

namespace watchpost::api {

namespace {

/// What may be typed as a secret; the words say what may not.
struct SecretField {
    SecretKind kind;
    std::size_t characters_max;
    const char* fault;
};

constexpr std::array secret_fields{
    SecretField{SecretKind::password, 16'000,
                "A password or token has at most 16,000 characters and no line end."},
    SecretField{SecretKind::client_secret, 1'000,
                "A client secret has at most 1,000 characters and no line end."},
    SecretField{SecretKind::client_key, 100'000,
                "A private key in PEM of at most 100,000 characters is needed."},
    SecretField{SecretKind::proxy_password, 255, // RFC 1929 §2 has no room for more octets
                "A password of a proxy has at most 255 characters and no line end."}};

bool is_fit(const Json& value, const SecretField& field)
{
    return value.is_string() &&
           count_characters(value.get<std::string>()) <= field.characters_max &&
           (field.kind == SecretKind::client_key ||
            value.get<std::string>().find_first_of(std::string_view{"\r\n\0", 3}) ==
                std::string::npos);
}

/// Takes them out of the settings, in which they must not stay.
void take_secrets(Json& json, Proposed& proposed)
{
    for (const auto& field : secret_fields) {
        const std::string name{to_string(field.kind)};
        const auto found = json.find(name);
        if (found == json.end()) {
            continue;
        }
        if (found->is_null()) {
            proposed.cleared.insert(field.kind);
        } else if (!is_fit(*found, field)) {
            proposed.faults.push_back({name, field.fault});
        } else if (auto text = found->get<std::string>(); !text.empty()) {
            proposed.secrets[field.kind] = std::move(text);
        }
        json.erase(name);
    }
    if (const auto found = json.find("sealed_token"); found != json.end()) {
        proposed.sealed_token = found->is_string() ? found->get<std::string>() : "";
        json.erase("sealed_token");
    }
}

/// Why the stored box of this kind may not be used on; empty: it may.
std::string fault_of_keeping(SecretKind kind, const Proposed& proposed,
                             const store::MailboxRecord& stored)
{
    if (!collector::go_to_the_same(stored.settings_json, proposed.settings_json, kind)) {
        if (kind == SecretKind::proxy_password) {
            return "The proxy or its user changed: type the proxy's password again, so that it "
                   "goes to nobody whom you did not mean.";
        }
        return kind == SecretKind::password
                   ? "Server, port, TLS or user changed: type the password again, so that it goes "
                     "to nobody whom you did not mean."
                   : "Server, port, TLS, user, token or device end point changed: type it again, "
                     "so that it goes to nobody whom you did not mean.";
    }
    if (kind == SecretKind::client_key &&
        !collector::keep_the_client_key(stored.settings_json, proposed.settings_json)) {
        return "This certificate is for another private key: give that key, too.";
    }
    return {};
}

/// A box for a secret that came with the request; empty where none did.
std::string seal_proposed(const Call& call, SecretKind kind, Proposed& proposed)
{
    const auto typed = proposed.secrets.find(kind);
    if (typed != proposed.secrets.end()) {
        if (auto fault = kind == SecretKind::client_key
                             ? collector::fault_of_client_key(proposed.settings_json, typed->second)
                             : "";
            !fault.empty()) {
            proposed.faults.push_back({std::string{to_string(kind)}, std::move(fault)});
        }
        return call.service.backend.seal_secret(kind, proposed.settings_json, typed->second);
    }
    if (kind != SecretKind::password || proposed.sealed_token.empty()) {
        return {};
    }
    auto box = collector::parse_sealed_token(proposed.settings_json, proposed.sealed_token);
    if (!box) {
        proposed.faults.push_back({"password",
                                   "Server, TLS, user, token or device end point changed "
                                   "since the device code: get a token anew."});
    }
    return box.value_or("");
}

} // namespace

bool is_this_sensor(const Call& call)
{
    return path_id<store::NodeId>(call, "sensor_id") == call.service.store().this_node();
}

Proposed take_apart(const Call& call, Json json)
{
    Proposed proposed;
    if (!json.is_object()) {
        proposed.faults.push_back({"", "The settings are not a JSON object."});
        return proposed;
    }
    take_secrets(json, proposed);
    if (const auto found = json.find("version");
        found != json.end() && found->is_number_unsigned()) {
        proposed.version = found->get<std::uint64_t>();
    }
    if (const auto found = json.find("different_maildrop");
        found != json.end() && found->is_boolean()) {
        proposed.is_different_maildrop = found->get<bool>();
    }
    for (const char* const field : {"version", "different_maildrop"}) {
        json.erase(field);
    }
    proposed.settings_json = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto faults = call.service.backend.check_mailbox(proposed.settings_json);
    proposed.faults.insert(proposed.faults.end(), faults.begin(), faults.end());
    if (proposed.faults.empty()) {
        proposed.name = json.value("name", "");
    }
    return proposed;
}

std::string choose_secrets(const Call& call, Proposed& proposed, const store::MailboxRecord* stored)
{
    const collector::SealedSecrets before{stored == nullptr ? "" : stored->sealed_password};
    const auto needed = collector::needed_secrets(proposed.settings_json);
    const bool had_faults = !proposed.faults.empty();
    collector::SealedSecrets chosen;
    for (const auto kind : collector::usable_secrets(proposed.settings_json)) {
        const std::string field{to_string(kind)};
        const bool is_needed = std::ranges::find(needed, kind) != needed.end();
        const auto faults_before = proposed.faults.size();
        if (auto box = seal_proposed(call, kind, proposed);
            !box.empty() || proposed.faults.size() > faults_before) {
            chosen.set(kind, std::move(box));
        } else if (before.box(kind).empty() || proposed.cleared.contains(kind)) {
            if (is_needed) {
                proposed.faults.push_back({field, "A value is needed."});
            }
        } else if (auto fault = had_faults ? "" : fault_of_keeping(kind, proposed, *stored);
                   fault.empty()) {
            chosen.set(kind, before.box(kind));
        } else { // an optional one, too: dropped unsaid, the next poll would fail
            proposed.faults.push_back({field, std::move(fault)});
        }
    }
    return chosen.to_text();
}

} // namespace watchpost::api
