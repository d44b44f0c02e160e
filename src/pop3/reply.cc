#include "pop3/reply.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "diag/quote.h"

namespace watchpost::pop3 {

namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;

char to_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

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
        if (equal_ignoring_case(name, known)) {
            return code;
        }
    }
    return ResponseCode::other;
}

/// Servers without RESP-CODES say it in words only; heard in the field, in lower case.
bool speaks_of_passing_trouble(std::string_view text)
{
    static constexpr std::array<std::string_view, 9> words{"lock",   "in use",   "busy",
                                                           "wait",   "too many", "try again",
                                                           "tempor", "later",    "unavailable"};
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

Error refusal_as(ErrorCode code, Retry retry, const StatusLine& line)
{
    return Error{code, retry, "the server said \"-ERR " + diag::quote(line.text) + "\""};
}

/// The error by code or words; `otherwise` where neither says anything.
Error refusal_or(const StatusLine& line, ErrorCode otherwise)
{
    switch (line.code) {
    case ResponseCode::in_use:
    case ResponseCode::login_delay:
        return refusal_as(ErrorCode::busy, Retry::later, line);
    case ResponseCode::sys_temp:
        return refusal_as(ErrorCode::refused_by_server, Retry::later, line);
    case ResponseCode::sys_perm:
        return refusal_as(ErrorCode::refused_by_server, Retry::never, line);
    case ResponseCode::auth:
        return refusal_as(ErrorCode::auth_rejected, Retry::never, line);
    case ResponseCode::none:
    case ResponseCode::other:
        break;
    }
    return speaks_of_passing_trouble(line.text)
               ? refusal_as(ErrorCode::refused_by_server, Retry::later, line)
               : refusal_as(otherwise, Retry::never, line);
}

} // namespace

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
