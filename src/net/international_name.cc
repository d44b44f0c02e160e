#include "net/international_name.h"

#include <unicode/uidna.h>

#include <array>

#include "base/assert.h"

namespace watchpost::net {

namespace {

constexpr std::size_t typed_bytes_max = 1024; // a name of 253 characters may have as many octets

/// Made once and never closed: it is immutable. No STD3 rules: "_" is judged by the caller.
const UIDNA* idna()
{
    static const UIDNA* const made = [] {
        UErrorCode status = U_ZERO_ERROR;
        const UIDNA* const opened = uidna_openUTS46(
            UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
        WP_ASSERT(U_SUCCESS(status));
        return opened;
    }();
    return made;
}

} // namespace

std::optional<std::string> to_ascii_name(std::string_view name)
{
    if (name.size() > typed_bytes_max) {
        return std::nullopt;
    }
    std::array<char, 2 * typed_bytes_max> ascii{};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    const int32_t size =
        uidna_nameToASCII_UTF8(idna(), name.data(), static_cast<int32_t>(name.size()), ascii.data(),
                               static_cast<int32_t>(ascii.size()), &info, &status);
    if (U_FAILURE(status) || info.errors != 0 || size <= 0) {
        return std::nullopt;
    }
    return std::string{ascii.data(), static_cast<std::size_t>(size)};
}

} // namespace watchpost::net
