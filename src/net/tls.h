// TLS for a client of a mail server: the certificate policies of the POP3 form, cipher strings,
// pins.
//
// The only target that wraps libssl and X.509. docs/tls-policies.md holds the truth table
// fault × policy × pin that the tests walk through. Thread rule: a TlsClient is immutable and
// shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "crypto/sha256.h"
#include "net/stream.h"

namespace watchpost::net {

enum class CertificatePolicy : std::uint8_t {
    any,         // encrypted, nothing checked; the fingerprint is recorded
    self_signed, // the chain may end in a self-signed certificate that is not in the store
    trusted      // full path validation and the name (RFC 9525)
};

/// "any", "self-signed", "trusted": the words of the command line and the API.
[[nodiscard]] std::string_view to_string(CertificatePolicy policy) noexcept;
[[nodiscard]] std::optional<CertificatePolicy>
parse_certificate_policy(std::string_view text) noexcept;

struct TlsSettings {
    CertificatePolicy policy = CertificatePolicy::trusted;
    std::string certificate_name; // the name to check and to send as SNI; empty: the server's name
    std::string ca_file;          // PEM, added to the system's store; empty: the store alone
    std::string ca_pem = {};      // the same as text; each certificate in it counts
    std::optional<crypto::Sha256> pin; // of the leaf's DER; demanded on top of the policy
    std::string ciphers; // OpenSSL cipher string; names that begin with TLS_ set the TLS 1.3 suites
    std::optional<base::Instant> valid_at = {}; // when dates must hold, for tests; empty: now

    // Shown to a server that asks for one; PEM, the leaf first. Empty: none. RFC 8446 §4.4.2
    std::string client_certificate_pem = {};
    std::string client_key_pem = {}; // a secret
};

/// One certificate as the peer sent it, for people. Texts are quoted (diag) already.
struct CertificateInfo {
    std::string subject;
    std::string issuer;
    std::vector<std::string> names; // dNSName and iPAddress of subjectAltName
    std::string not_before;         // RFC 3339
    std::string not_after;
    crypto::Sha256 fingerprint{}; // SHA-256 of the DER
    std::string key;              // "RSA 2048", "EC 256 (prime256v1)"
};

/// What is known about an established (or refused) session.
struct TlsInfo {
    std::string version;                // "TLSv1.3"
    std::string cipher;                 // "TLS_AES_256_GCM_SHA384"
    std::vector<CertificateInfo> chain; // leaf first, as sent
    std::vector<std::string> faults; // what the certificate fails, whether the policy minds or not
};

struct TlsSession {
    std::unique_ptr<Stream> stream;
    TlsInfo info;
};

/// What a cipher string comes to: the suites that a client would offer, TLS 1.3 first; empty text
/// is the default. invalid_argument says what OpenSSL minds.
[[nodiscard]] base::Result<std::vector<std::string>> cipher_suites(const std::string& ciphers);

class TlsClient {
public:
    /// Checks everything that can be checked before connecting: cipher string, CA file, CA text.
    /// ErrorCode::invalid_argument names the field and what OpenSSL says of it.
    [[nodiscard]] static base::Result<std::shared_ptr<const TlsClient>>
    make(const TlsSettings& settings);
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    /// The cipher suites that would be offered, in order, TLS 1.3 first.
    [[nodiscard]] std::vector<std::string> cipher_suites() const;

    /// Does the handshake over a connected clear stream made by net::connect. `server` is the name
    /// or address that was configured. A refusal is certificate_rejected and names every fault and
    /// the remedy; `info`, where given, is filled as far as the handshake came, also on failure.
    [[nodiscard]] base::Result<TlsSession> handshake(std::unique_ptr<Stream> clear,
                                                     std::string_view server,
                                                     base::Deadline deadline,
                                                     TlsInfo* info = nullptr) const;

private:
    struct State;
    explicit TlsClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace watchpost::net
