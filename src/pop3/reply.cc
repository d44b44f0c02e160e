#include "pop3/reply.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "diag/quote.h"

namespace watchpost::pop3 {

namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;

bool is_space(char c) noexcept
{
    return c == ' ' || c == '\t';
}

std::string_view skip_spaces(std::string_view text) noexcept
{
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

ResponseCode parse_code(std::string_view text)
{
    const auto end = text.find(']');
    if (!text.starts_with('[') || end == std::string_view::npos) {
        return ResponseCode::none;
    }
    static constexpr std::array<std::pair<std::string_view, ResponseCode>, 5> codes{{
        {"IN-USE", ResponseCode::in_use},
        {"LOGIN-DELAY", ResponseCode::login_delay},
        {"SYS/TEMP", ResponseCode::sys_temp},
        {"SYS/PERM", ResponseCode::sys_perm},
        {"AUTH", ResponseCode::auth},
    }};
    const auto name = text.substr(1, end - 1);
    for (const auto& [known, code] : codes) {
        if (base::equals_ignoring_case(name, known)) {
            return code;
        }
    }
    return ResponseCode::other;
}

/// Servers without RESP-CODES say it in words only; heard in the field, in lower case.
constexpr std::array<std::pair<std::string_view, Trouble>, 15> words{{
    {"too many", Trouble::login_delay}, // before "connection"s that are "in use"
    {"too often", Trouble::login_delay},
    {"too soon", Trouble::login_delay},
    {"too frequent", Trouble::login_delay},
    {"login delay", Trouble::login_delay},
    {"exceeded the login limit", Trouble::login_delay},
    {"wait", Trouble::login_delay},
    {"lock", Trouble::in_use},
    {"in use", Trouble::in_use},
    {"busy", Trouble::in_use},
    {"another session", Trouble::in_use},
    {"try again", Trouble::temporary},
    {"tempor", Trouble::temporary},
    {"later", Trouble::temporary},
    {"unavailable", Trouble::temporary},
}};

bool has(std::string_view text, std::string_view part) noexcept
{
    return text.find(part) != std::string_view::npos;
}

/// A word of the table, not the end of another one: who is "blocked" finds no lock.
bool has_word(std::string_view lower, std::string_view word) noexcept
{
    for (auto at = lower.find(word); at != std::string_view::npos; at = lower.find(word, at + 1)) {
        if (at == 0 || lower[at - 1] < 'a' || lower[at - 1] > 'z') {
            return true;
        }
    }
    return false;
}

/// An account that is locked is no maildrop that is, and neither it nor a wrong password is mended
/// by waiting: tried again and again it would only stay locked. A password server that is
/// "temporarily unavailable" is another matter; "try again" alone is said to wrong passwords, too.
bool speaks_of_credentials(std::string_view lower) noexcept
{
    static constexpr std::array parts{"password", "credential", "invalid", "failed log",
                                      "failed attempt"};
    if (has(lower, "account") && has(lower, "locked")) {
        return true;
    }
    return !has_word(lower, "tempor") && !has_word(lower, "unavailable") &&
           std::ranges::any_of(parts, [&](const char* part) { return has(lower, part); });
}

Trouble trouble_by_words(std::string_view text)
{
    const std::string lower = base::lower_case(text);
    if (speaks_of_credentials(lower)) {
        return Trouble::other;
    }
    const auto* const found =
        std::ranges::find_if(words, [&](const auto& word) { return has_word(lower, word.first); });
    return found == words.end() ? Trouble::other : found->second;
}

Error refusal_as(ErrorCode code, Retry retry, const StatusLine& line)
{
    return Error{code, retry, "the server said \"-ERR " + diag::quote(line.text) + "\""};
}

/// The error by code or words; `otherwise` where neither says anything.
Error refusal_or(const StatusLine& line, ErrorCode otherwise)
{
    switch (trouble_of(line)) {
    case Trouble::in_use:
    case Trouble::login_delay:
        return refusal_as(ErrorCode::busy, Retry::later, line);
    case Trouble::temporary:
        return refusal_as(ErrorCode::refused_by_server, Retry::later, line);
    case Trouble::permanent:
        return refusal_as(ErrorCode::refused_by_server, Retry::never, line);
    case Trouble::credentials:
        return refusal_as(ErrorCode::auth_rejected, Retry::never, line);
    case Trouble::none:
    case Trouble::other:
        break;
    }
    return refusal_as(otherwise, Retry::never, line);
}

} // namespace

Trouble trouble_of(const StatusLine& line) noexcept
{
    if (line.status != Status::err) {
        return Trouble::none;
    }
    switch (line.code) {
    case ResponseCode::in_use:
        return Trouble::in_use;
    case ResponseCode::login_delay:
        return Trouble::login_delay;
    case ResponseCode::sys_temp:
        return Trouble::temporary;
    case ResponseCode::sys_perm:
        return Trouble::permanent;
    case ResponseCode::auth:
        return Trouble::credentials;
    case ResponseCode::none:
    case ResponseCode::other:
        break;
    }
    return trouble_by_words(line.text);
}

std::optional<StatusLine> parse_status_line(std::string_view line)
{
    static constexpr std::array<std::pair<std::string_view, Status>, 3> heads{
        {{"+OK", Status::ok}, {"-ERR", Status::err}, {"+", Status::more}}};
    for (const auto& [head, status] : heads) {
        if (line.starts_with(head) && (line.size() == head.size() || is_space(line[head.size()]))) {
            const auto text = skip_spaces(line.substr(head.size()));
            return StatusLine{status, parse_code(text), text};
        }
    }
    return std::nullopt;
}

base::Error refusal(const StatusLine& line)
{
    return refusal_or(line, ErrorCode::refused_by_server);
}

base::Error login_refusal(const StatusLine& line)
{
    return refusal_or(line, ErrorCode::auth_rejected);
}

} // namespace watchpost::pop3
