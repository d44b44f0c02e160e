// The secrets of a mailbox, each sealed together with what it is and where it may go.
//
// Control seals them and cannot open them. What the collector opens says for which server, port,
// TLS settings, user, authentication and token end point it was typed; with other settings it is
// refused, so that a control that was broken into cannot have it sent to a server of its choice.
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "secrets/sealed_box.h"

namespace watchpost::collector {

enum class SecretKind : std::uint8_t {
    password,      // or a token that was typed in, or a refresh token
    client_secret, // of an OAuth client
    client_key,    // the private key of the client certificate, PEM
    proxy_password // of the log-in at the proxy
};
inline constexpr std::array all_secret_kinds{SecretKind::password, SecretKind::client_secret,
                                             SecretKind::client_key, SecretKind::proxy_password};

/// "password", "client_secret", "client_key_pem", "proxy_password": the fields of the API.
[[nodiscard]] std::string_view to_string(SecretKind kind) noexcept;

/// The boxes of one mailbox, as the one text that the store has for them. Plain value.
class SealedSecrets {
public:
    SealedSecrets() = default;
    /// A text that to_text() did not write is the password's box: that is how it began.
    explicit SealedSecrets(std::string_view text);

    [[nodiscard]] std::string to_text() const; // empty: there are none
    [[nodiscard]] const std::string& box(SecretKind kind) const;
    void set(SecretKind kind, std::string box); // empty: it is forgotten

private:
    std::array<std::string, all_secret_kinds.size()> boxes_;
};

/// Whether a secret typed for the one integration may be used with the other (both JSON, as for
/// check_integration). The proxy's password hangs on the proxy and its user alone. False where one
/// is no JSON object.
[[nodiscard]] bool go_to_the_same(const std::string& settings_json, const std::string& other_json,
                                  SecretKind kind = SecretKind::password);

/// A box for SealedSecrets, Base64. The settings have passed check_integration.
[[nodiscard]] std::string seal_secret(const secrets::PublicKey& collector, SecretKind kind,
                                      const std::string& settings_json, std::string_view secret);
[[nodiscard]] std::string seal_password(const secrets::PublicKey& collector,
                                        const std::string& settings_json,
                                        std::string_view password);

/// A refresh token that the collector got by device code, as the browser carries it from there to
/// Apply: where it may go in clear, then the box. RFC 8628.
[[nodiscard]] std::string to_sealed_token(const std::string& settings_json, const std::string& box);
/// The box; nullopt where it is none, or for other settings.
[[nodiscard]] std::optional<std::string> parse_sealed_token(const std::string& settings_json,
                                                            std::string_view token);

/// invalid_argument, with the remedy: none is stored, it was sealed to another key, it is another
/// secret, or it was typed for another server, port, TLS settings, user, authentication, token end
/// point or proxy. `sealed` is the text of SealedSecrets.
[[nodiscard]] base::Result<secrets::Secret> open_secret(const secrets::KeyPair& key,
                                                        SecretKind kind,
                                                        const std::string& settings_json,
                                                        const std::string& sealed);
[[nodiscard]] base::Result<secrets::Secret> open_password(const secrets::KeyPair& key,
                                                          const std::string& settings_json,
                                                          const std::string& sealed);

} // namespace watchpost::collector
