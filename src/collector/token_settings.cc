#include "collector/token_settings.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/time.h"

namespace watchpost::collector {

std::string_view to_string(TokenGrant grant) noexcept
{
    switch (grant) {
    case TokenGrant::refresh_token:
        return "refresh-token";
    case TokenGrant::client_credentials:
        return "client-credentials";
    }
    return "unknown";
}

std::optional<TokenGrant> parse_token_grant(std::string_view text) noexcept
{
    for (const auto grant : {TokenGrant::refresh_token, TokenGrant::client_credentials}) {
        if (text == to_string(grant)) {
            return grant;
        }
    }
    return std::nullopt;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text)
{
    const auto instant = base::parse_rfc3339(std::string{text} + "T00:00:00Z");
    return instant ? std::optional{std::chrono::floor<std::chrono::days>(*instant)} : std::nullopt;
}

std::string to_text(std::chrono::sys_days date)
{
    return base::to_rfc3339(date).substr(0, std::string_view{"2027-01-31"}.size());
}

bool is_visible_ascii(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
}

} // namespace watchpost::collector
