// What the API asks about the console's TLS certificate; control implements it. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace watchpost::api {

struct ConsoleCertificate {
    std::string subject;
    std::string issuer;
    std::vector<std::string> names;
    base::Instant not_before{};
    base::Instant not_after{};
    std::string fingerprint_sha256; // 64 hexadecimal digits
    bool is_self_made = false;
};

class CertificateStore {
public:
    virtual ~CertificateStore() = default;
    CertificateStore(const CertificateStore&) = delete;
    CertificateStore& operator=(const CertificateStore&) = delete;

    [[nodiscard]] virtual ConsoleCertificate current() const = 0;

    /// Checks that key and certificate belong together, keeps them durably and lets new
    /// connections have them. invalid_argument says what is wrong with which.
    [[nodiscard]] virtual base::Result<ConsoleCertificate>
    replace(const std::string& certificate_pem, const std::string& key_pem) = 0;

protected:
    CertificateStore() = default;
};

} // namespace watchpost::api
