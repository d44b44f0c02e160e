#include "pop3/saslprep.h"

#include <unicode/usprep.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace watchpost::pop3 {

namespace {

struct CloseProfile {
    void operator()(UStringPrepProfile* profile) const noexcept { usprep_close(profile); }
};

bool is_plain(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Empty where it is no UTF-8, or too long for ICU.
std::u16string to_utf16(std::string_view text)
{
    std::u16string wide(text.size(), u'\0'); // never more units than octets
    std::int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                  static_cast<std::int32_t>(text.size()), &status);
    wide.resize(U_SUCCESS(status) ? static_cast<std::size_t>(length) : 0U);
    return wide;
}

std::string to_utf8(std::u16string_view wide)
{
    std::string text(wide.size() * 3, '\0');
    std::int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(text.data(), static_cast<std::int32_t>(text.size()), &length, wide.data(),
                static_cast<std::int32_t>(wide.size()), &status);
    text.resize(U_SUCCESS(status) ? static_cast<std::size_t>(length) : 0U);
    return text;
}

/// Empty where the profile refuses the text, or makes nothing of it.
std::u16string prepare(const std::u16string& wide, Unassigned unassigned)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UStringPrepProfile, CloseProfile> profile{
        usprep_openByType(USPREP_RFC4013_SASLPREP, &status)};
    if (U_FAILURE(status)) {
        return {};
    }
    // Compatibility forms decompose to at most 18 characters each.
    std::u16string prepared(wide.size() * 18 + 18, u'\0');
    const auto length =
        usprep_prepare(profile.get(), wide.data(), static_cast<std::int32_t>(wide.size()),
                       prepared.data(), static_cast<std::int32_t>(prepared.size()),
                       unassigned == Unassigned::allowed ? USPREP_ALLOW_UNASSIGNED : USPREP_DEFAULT,
                       nullptr, &status);
    prepared.resize(U_SUCCESS(status) ? static_cast<std::size_t>(length) : 0U);
    return prepared;
}

void wipe(std::u16string& secret)
{
    ::explicit_bzero(secret.data(), secret.size() * sizeof(char16_t));
}

} // namespace

std::string saslprep(std::string_view text, Unassigned unassigned)
{
    if (is_plain(text)) {
        return std::string{text};
    }
    std::u16string wide = to_utf16(text);
    std::u16string prepared = wide.empty() ? std::u16string{} : prepare(wide, unassigned);
    std::string result = to_utf8(prepared);
    wipe(wide);
    wipe(prepared);
    return result.empty() ? std::string{text} : result;
}

} // namespace watchpost::pop3
