// Makes keys and certificates for a test, good ones and every kind of bad one. Nothing is kept on
// disk.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "crypto/sha256.h"

namespace watchpost::net::test {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

struct Identity {
    Certificate certificate;
    Key key;
};

struct CertificateSpec {
    std::string common_name = "server";
    std::string names = {}; // OpenSSL's subjectAltName syntax: "DNS:a.example,IP:192.0.2.1"
    bool is_ca = false;
    std::string basic_constraints = {}; // in place of what is_ca says
    std::string key_usage = {};         // in place of what is_ca says
    std::string name_constraints = {};  // "permitted;DNS:example.test"
    std::string extended_key_usage = {};
    std::string raw_dns_name = {}; // a dNSName with any octets, in place of `names`
    long valid_from_days = -1;     // relative to now
    long valid_to_days = 30;
    int rsa_bits = 0; // 0: an EC key
    const char* curve = "P-256";
    const EVP_MD* digest = EVP_sha256();
    enum class Signature { good, damaged } signature = Signature::good;
};

[[nodiscard]] Identity make_self_signed(const CertificateSpec& spec);
[[nodiscard]] Identity make_issued(const CertificateSpec& spec, const Identity& issuer);

[[nodiscard]] crypto::Sha256 fingerprint_of(const Certificate& certificate);

/// A PEM file with these certificates.
void write_pem(const std::filesystem::path& file, const std::vector<Certificate>& certificates);

} // namespace watchpost::net::test
