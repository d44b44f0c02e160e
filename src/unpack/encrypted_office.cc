#include "unpack/encrypted_office.h"

#include <algorithm>
#include <string>
#include <vector>

#include "unpack/office_encryption.h"

namespace watchpost::unpack {
namespace {

constexpr std::string_view member_name = "EncryptedPackage/document";

/// A copy: what is delivered may change what is known.
std::vector<Password> candidates(Passwords& passwords)
{
    std::vector<Password> list{{std::string{excel_default_password}, Password::Origin::program,
                                "Excel, which tries it by itself"}};
    const auto& known = passwords.known();
    list.insert(list.end(), known.begin(), known.end());
    return list;
}

void tell_closed(std::string why, Meter& meter)
{
    meter.tell("", "encrypted_document", "the document is encrypted: " + std::move(why));
}

void deliver(const OfficePackage& document, const Password& password, Meter& meter)
{
    meter.deliver_whole({member_name, document.bytes, &password});
    if (!document.is_whole) {
        meter.tell(std::string{member_name}, "damaged_archive",
                   "its size or checksum (HMAC) does not hold");
    }
}

} // namespace

std::size_t office_tries_max(std::uint32_t rounds) noexcept
{
    const auto by_rounds = password_rounds_max / std::max<std::uint64_t>(1, rounds);
    return std::min<std::uint64_t>(by_rounds, password_tries_max);
}

void unpack_encrypted_office(base::ByteView info, base::ByteView package, Passwords& passwords,
                             Meter& meter)
{
    const auto cipher = read_encryption_info(info);
    if (!cipher) {
        return tell_closed(cipher.error().message(), meter);
    }
    const auto list = candidates(passwords);
    const auto tries_max = office_tries_max(cipher->rounds);
    std::size_t tried = 0;
    for (const auto& password : list) {
        if (tried >= tries_max) {
            break;
        }
        if (!meter.has_time()) {
            return;
        }
        ++tried;
        if (const auto key = key_of_package(*cipher, password.text); key) {
            return deliver(decrypt_package(*cipher, *key, package), password, meter);
        }
    }
    tell_closed(describe_failed_passwords(list.size() - 1, tried - 1), meter);
}

} // namespace watchpost::unpack
