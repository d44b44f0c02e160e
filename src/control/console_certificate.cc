#include "control/console_certificate.h"

#include <chrono>
#include <utility>

#include "crypto/sha256.h"
#include "net/own_certificate.h"
#include "os/replace_file.h"

namespace watchpost::control {
namespace {

using base::ErrorCode;
using base::Result;

constexpr const char* uploaded_name = "uploaded.pem";
constexpr const char* self_made_name = "self-made.pem";
constexpr std::size_t pem_bytes_max = std::size_t{1} << 20U;
constexpr std::chrono::days renewed_before{30};

Result<api::ConsoleCertificate> describe(const std::string& pem, bool is_self_made)
{
    const auto info = net::read_certificate(pem);
    if (!info) {
        return base::fail(info.error());
    }
    api::ConsoleCertificate certificate;
    certificate.subject = info->subject;
    certificate.issuer = info->issuer;
    certificate.names = info->names;
    certificate.not_before = base::parse_rfc3339(info->not_before).value_or(base::Instant{});
    certificate.not_after = base::parse_rfc3339(info->not_after).value_or(base::Instant{});
    certificate.fingerprint_sha256 = crypto::to_hex(info->fingerprint);
    certificate.is_self_made = is_self_made;
    return certificate;
}

Result<std::string> make_and_keep(os::FileSystem& folder, const std::vector<std::string>& names)
{
    auto pem = net::make_own_certificate({.common_name = "Watchpost console",
                                          .names = names,
                                          .valid_for = std::chrono::days{397},
                                          .now = base::now()});
    if (!pem) {
        return pem;
    }
    if (auto kept = os::replace_file(folder, self_made_name, base::as_bytes(*pem)); !kept) {
        return base::fail(std::move(kept.error()));
    }
    return pem;
}

bool is_usable(const std::string& pem)
{
    const auto certificate = describe(pem, true);
    return certificate && net::check_certificate_and_key(pem, pem) &&
           certificate->not_after - base::now() > renewed_before;
}

Result<std::string> own_pem(os::FileSystem& folder, const std::vector<std::string>& names)
{
    auto pem = os::read_whole_file(folder, self_made_name, pem_bytes_max);
    return pem && is_usable(*pem) ? pem : make_and_keep(folder, names);
}

} // namespace

Result<std::unique_ptr<ConsoleCertificates>>
ConsoleCertificates::open(const std::filesystem::path& path, const std::vector<std::string>& names)
{
    auto folder = os::open_folder(path);
    if (!folder) {
        return base::fail(std::move(folder.error()));
    }
    auto pem = os::read_whole_file(**folder, uploaded_name, pem_bytes_max);
    const bool is_self_made = !pem && pem.error().code() == ErrorCode::not_found;
    if (is_self_made) {
        pem = own_pem(**folder, names);
    }
    if (!pem) {
        return base::fail(std::move(pem.error()).during("read the console's certificate"));
    }
    auto current = describe(*pem, is_self_made);
    if (!current) {
        return base::fail(std::move(current.error())
                              .during("read " + (path / uploaded_name).string() +
                                      " (remove it to go back to a self-made certificate)"));
    }
    return std::unique_ptr<ConsoleCertificates>{
        new ConsoleCertificates{*std::move(folder), *std::move(pem), *std::move(current)}};
}

ConsoleCertificates::ConsoleCertificates(std::unique_ptr<os::FileSystem> folder, std::string pem,
                                         api::ConsoleCertificate current)
    : folder_{std::move(folder)}
    , pem_{std::move(pem)}
    , current_{std::move(current)}
{
}

void ConsoleCertificates::on_replaced(Use use)
{
    const std::lock_guard guard{lock_};
    use_ = std::move(use);
}

std::string ConsoleCertificates::pem() const
{
    const std::lock_guard guard{lock_};
    return pem_;
}

api::ConsoleCertificate ConsoleCertificates::current() const
{
    const std::lock_guard guard{lock_};
    return current_;
}

Result<api::ConsoleCertificate> ConsoleCertificates::replace(const std::string& certificate_pem,
                                                             const std::string& key_pem)
{
    if (auto checked = net::check_certificate_and_key(certificate_pem, key_pem); !checked) {
        return base::fail(std::move(checked.error()));
    }
    auto certificate = describe(certificate_pem, false);
    if (!certificate) {
        return certificate;
    }
    const std::lock_guard guard{lock_};
    const std::string pem = key_pem + "\n" + certificate_pem;
    if (auto used = use_ ? use_(certificate_pem, key_pem) : Result<void>{}; !used) {
        return base::fail(std::move(used.error())); // what cannot be served is not kept either
    }
    if (auto kept = os::replace_file(*folder_, uploaded_name, base::as_bytes(pem)); !kept) {
        static_cast<void>(use_ ? use_(pem_, pem_) : Result<void>{}); // it was good before
        return base::fail(std::move(kept.error()).during("keep the certificate"));
    }
    pem_ = pem;
    current_ = *certificate;
    return certificate;
}

} // namespace watchpost::control
