// The password of a mailbox, sealed together with where it may go.
//
// Control seals it and cannot open it. What the collector opens says for which server, port, TLS
// settings, user and authentication it was typed; with other settings it is refused, so that a
// control that was broken into cannot have it sent to a server of its choice. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "secrets/sealed_box.h"

namespace watchpost::collector {

/// Whether a password typed for the one integration may be used with the other (both JSON, as for
/// check_integration). False where one is no JSON object.
[[nodiscard]] bool go_to_the_same(const std::string& settings_json, const std::string& other_json);

/// Base64 text for the store. The settings have passed check_integration.
[[nodiscard]] std::string seal_password(const secrets::PublicKey& collector,
                                        const std::string& settings_json,
                                        std::string_view password);

/// invalid_argument, with the remedy: none is stored, it was sealed to another key, or it was typed
/// for another server, port, TLS settings, user or authentication.
[[nodiscard]] base::Result<secrets::Secret> open_password(const secrets::KeyPair& key,
                                                          const std::string& settings_json,
                                                          const std::string& sealed);

} // namespace watchpost::collector
