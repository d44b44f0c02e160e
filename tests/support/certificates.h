// Certificates for servers in tests, made by the openssl program into a folder of the test's.
#pragma once

#include <filesystem>
#include <string>

namespace watchpost::test {

struct CertificateFiles {
    std::filesystem::path certificate; // PEM: the leaf, then what the server is to send behind it
    std::filesystem::path key;         // PEM
};

struct CertificateWish {
    std::string name = "server";                                     // of the files
    std::string subject_names = "DNS:localhost,IP:127.0.0.1,IP:::1"; // OpenSSL's subjectAltName
    int days = 2;                                                    // negative: it has expired
    bool is_ca = false;
};

/// Signed by its own key.
[[nodiscard]] CertificateFiles make_self_signed(const std::filesystem::path& folder,
                                                const CertificateWish& wish = {});

/// Signed by `issuer`, whose certificate is not put into the chain.
[[nodiscard]] CertificateFiles make_issued(const std::filesystem::path& folder,
                                           const CertificateFiles& issuer,
                                           const CertificateWish& wish = {});

/// SHA-256 of the first certificate's DER, 64 hexadecimal digits in lower case.
[[nodiscard]] std::string fingerprint_of(const std::filesystem::path& certificate);

} // namespace watchpost::test
