#include "net/tls.h"

#include <array>

namespace watchpost::net {

std::string_view to_string(CertificatePolicy policy) noexcept
{
    switch (policy) {
    case CertificatePolicy::any:
        return "any";
    case CertificatePolicy::self_signed:
        return "self-signed";
    case CertificatePolicy::trusted:
        return "trusted";
    }
    return "unknown";
}

std::optional<CertificatePolicy> parse_certificate_policy(std::string_view text) noexcept
{
    constexpr std::array policies{CertificatePolicy::any, CertificatePolicy::self_signed,
                                  CertificatePolicy::trusted};
    for (const CertificatePolicy policy : policies) {
        if (text == to_string(policy)) {
            return policy;
        }
    }
    return std::nullopt;
}

} // namespace watchpost::net
