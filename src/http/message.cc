#include "http/message.h"

#include <algorithm>

#include "base/bytes.h"

namespace watchpost::http {

namespace {

char to_lower(char character) noexcept
{
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32) : character;
}

bool is_same_name(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view first_named(const NamedValues& values, std::string_view name) noexcept
{
    for (const auto& [key, value] : values) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

enum class Plus { stays, is_space };

std::optional<std::string> percent_decoded(std::string_view text, Plus plus)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char character = text[i];
        if (character == '+' && plus == Plus::is_space) {
            character = ' ';
        } else if (character == '%') {
            const auto octet = base::parse_hex(text.substr(i + 1, 2));
            if (!octet || octet->size() != 1) {
                return std::nullopt;
            }
            character = std::to_integer<char>(octet->front());
            i += 2;
        }
        if (character == '\0') {
            return std::nullopt;
        }
        decoded += character;
    }
    return decoded;
}

/// application/x-www-form-urlencoded; false where a piece does not decode.
bool parse_query(std::string_view text, NamedValues& query)
{
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const auto equals = pair.find('=');
        const auto value =
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        auto name = percent_decoded(pair.substr(0, equals), Plus::is_space);
        auto decoded = percent_decoded(value, Plus::is_space);
        if (!name || !decoded) {
            return false;
        }
        query.emplace_back(std::move(*name), std::move(*decoded));
    }
    return true;
}

} // namespace

std::string_view Request::header(std::string_view name) const noexcept
{
    for (const auto& [key, value] : headers) {
        if (is_same_name(key, name)) {
            return value;
        }
    }
    return {};
}

std::string_view Request::cookie(std::string_view name) const noexcept
{
    std::string_view rest = header("cookie");
    while (!rest.empty()) {
        std::string_view pair = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
            return pair.substr(equals + 1);
        }
    }
    return {};
}

std::string_view Request::path_parameter(std::string_view name) const noexcept
{
    return first_named(path_parameters, name);
}

std::optional<std::string_view> Request::query_value(std::string_view name) const noexcept
{
    for (const auto& [key, value] : query) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> Request::query_values(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (const auto& [key, value] : query) {
        if (key == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::optional<Target> parse_target(std::string_view target)
{
    const auto question = target.find('?');
    auto path = percent_decoded(target.substr(0, question), Plus::stays);
    if (!path || !path->starts_with('/')) {
        return std::nullopt;
    }
    Target parsed{std::move(*path), {}};
    if (question != std::string_view::npos &&
        !parse_query(target.substr(question + 1), parsed.query)) {
        return std::nullopt;
    }
    return parsed;
}

} // namespace watchpost::http
