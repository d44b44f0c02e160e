// A certificate for people: everything that came from the peer is quoted and bounded. Thread-safe.
#pragma once

#include <cstddef>
#include <string>

#include "net/openssl.h"
#include "net/tls.h"

namespace watchpost::net {

inline constexpr std::size_t names_shown_max = 100; // of one certificate; the rest is counted
inline constexpr std::size_t chain_shown_max = 20;  // certificates of one chain

[[nodiscard]] CertificateInfo describe_certificate(X509* certificate);

[[nodiscard]] std::string subject_of(X509* certificate);
[[nodiscard]] std::string issuer_of(X509* certificate);

/// RFC 3339, or "unreadable".
[[nodiscard]] std::string to_text(const ASN1_TIME* time);

} // namespace watchpost::net
