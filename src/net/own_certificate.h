// Certificates of our own servers: one that we make ourselves until another is there, and what a
// PEM file holds. Thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "net/tls.h"

namespace watchpost::net {

struct OwnCertificateRequest {
    std::string common_name;
    std::vector<std::string> names;   // host names and IP addresses, for subjectAltName
    std::chrono::days valid_for{397}; // what browsers take at most
    base::Instant now = base::now();
};

/// A P-256 key and a certificate signed with it, both PEM, key first, in one text.
[[nodiscard]] base::Result<std::string> make_own_certificate(const OwnCertificateRequest& request);

/// The first certificate of a PEM text; invalid_argument where there is none.
[[nodiscard]] base::Result<CertificateInfo> read_certificate(const std::string& pem);

/// Checks that a PEM certificate (leaf first) and a PEM key without a pass phrase belong together;
/// invalid_argument says what is wrong with which.
[[nodiscard]] base::Result<void> check_certificate_and_key(const std::string& certificate_pem,
                                                           const std::string& key_pem);

/// Whether two PEM certificates (the first of each text) are for one public key, so that a private
/// key serves both. False where one cannot be read.
[[nodiscard]] bool have_the_same_key(const std::string& certificate_pem,
                                     const std::string& other_pem);

} // namespace watchpost::net
