#include "pop3/apop.h"

#include <algorithm>

#include "crypto/mac.h"

namespace watchpost::pop3 {

namespace {

bool is_printable(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

} // namespace

std::optional<std::string_view> find_stamp(std::string_view greeting)
{
    const auto begin = greeting.find('<');
    const auto end = greeting.find('>', std::min(begin, greeting.size()));
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const auto stamp = greeting.substr(begin, end - begin + 1);
    const auto inside = stamp.substr(1, stamp.size() - 2);
    const auto at = inside.find('@');
    const bool is_id = at != std::string_view::npos && at > 0 && at + 1 < inside.size() &&
                       inside.find_first_of("@<", at + 1) == std::string_view::npos &&
                       is_printable(inside);
    return is_id ? std::optional{stamp} : std::nullopt;
}

std::string apop_argument(const Credentials& credentials, std::string_view stamp)
{
    std::string text = std::string{stamp} + credentials.password();
    const auto digest = crypto::digest(crypto::Algorithm::md5, base::as_bytes(text));
    crypto::wipe(text);
    return credentials.user() + " " + base::to_hex(digest.bytes());
}

} // namespace watchpost::pop3
