#include "pop3/capabilities.h"

#include <algorithm>

#include "base/bytes.h"

namespace watchpost::pop3 {

namespace {

constexpr std::uint64_t expire_days_max = 36'500; // more is as good as never

constexpr std::uint64_t login_delay_seconds_max =
    86'400; // a server's nonsense must not stop us for ever

/// Takes the next word, separated by spaces or tabs, off the front, in upper case.
std::string take_word(std::string_view& rest)
{
    const auto begin = rest.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        rest = {};
        return {};
    }
    const auto end = std::min(rest.find_first_of(" \t", begin), rest.size());
    std::string word{rest.substr(begin, end - begin)};
    rest.remove_prefix(end);
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return word;
}

} // namespace

void Capabilities::add(std::string_view line)
{
    lines.emplace_back(line);
    std::string_view rest = line;
    const std::string name = take_word(rest);
    stls = stls || name == "STLS";
    user = user || name == "USER";
    uidl = uidl || name == "UIDL";
    pipelining = pipelining || name == "PIPELINING";
    auth_codes = auth_codes || name == "AUTH-RESP-CODE";
    if (name == "SASL") {
        for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
            mechanisms.push_back(std::move(word));
        }
    } else if (name == "LOGIN-DELAY") {
        if (const auto seconds = base::parse_decimal(take_word(rest))) {
            login_delay = std::chrono::seconds{std::min(*seconds, login_delay_seconds_max)};
        }
    } else if (name == "EXPIRE") { // or NEVER
        const auto days = base::parse_decimal(take_word(rest));
        expire = days && *days <= expire_days_max
                     ? std::optional{std::chrono::days{static_cast<int>(*days)}}
                     : std::nullopt;
    }
}

bool Capabilities::has_mechanism(std::string_view upper_case_name) const
{
    return std::find(mechanisms.begin(), mechanisms.end(), upper_case_name) != mechanisms.end();
}

} // namespace watchpost::pop3
