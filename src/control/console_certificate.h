// The console's TLS certificate: the one that an administrator uploaded, or one that we made.
//
// tls/uploaded.pem and tls/self-made.pem hold key and certificate chain together, so that one is
// never there without the other. The self-made one is made anew at a start where fewer than 30 days
// are left. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/certificate_store.h"
#include "base/error.h"
#include "os/file_system.h"

namespace watchpost::control {

class ConsoleCertificates final : public api::CertificateStore {
public:
    /// Lets new connections have the certificate; both texts are PEM.
    using Use = std::function<base::Result<void>(const std::string& certificate_pem,
                                                 const std::string& key_pem)>;

    /// `names`: what browsers may call this machine.
    [[nodiscard]] static base::Result<std::unique_ptr<ConsoleCertificates>>
    open(const std::filesystem::path& folder, const std::vector<std::string>& names);

    void on_replaced(Use use);

    /// Key and certificate in one text.
    [[nodiscard]] std::string pem() const;

    [[nodiscard]] api::ConsoleCertificate current() const override;
    [[nodiscard]] base::Result<api::ConsoleCertificate>
    replace(const std::string& certificate_pem, const std::string& key_pem) override;

private:
    ConsoleCertificates(std::unique_ptr<os::FileSystem> folder, std::string pem,
                        api::ConsoleCertificate current);

    std::unique_ptr<os::FileSystem> folder_;
    mutable std::mutex lock_;
    std::string pem_;
    api::ConsoleCertificate current_;
    Use use_;
};

} // namespace watchpost::control
