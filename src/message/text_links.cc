#include "message/text_links.h"

#include <algorithm>
#include <array>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

/// The length of what starts an address here; 0 where none does.
std::size_t prefix_at(std::string_view text, std::size_t at)
{
    const std::string_view rest = text.substr(at);
    for (const std::string_view scheme : {"http://", "https://", "ftp://"}) {
        if (starts_ignoring_case(rest, scheme)) {
            return scheme.size();
        }
    }
    const bool starts_word = at == 0 || (!is_alnum(text[at - 1]) && text[at - 1] != '.');
    for (const std::string_view start : {"www.", "mailto:"}) {
        if (starts_word && starts_ignoring_case(rest, start)) {
            return start.size();
        }
    }
    return 0;
}

/// Asked of each octet of each text.
constexpr auto starts_address = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view{"hHfFwWmM"}) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}();

bool ends_address(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"' || c == '`' ||
           c == '\x7f';
}

std::string_view without_punctuation(std::string_view address)
{
    const auto count = [&](char c) { return std::count(address.begin(), address.end(), c); };
    auto surplus_round = count(')') - count('(');
    auto surplus_square = count(']') - count('[');
    while (!address.empty()) {
        const char last = address.back();
        if (last == ')' && surplus_round > 0) {
            --surplus_round;
        } else if (last == ']' && surplus_square > 0) {
            --surplus_square;
        } else if (std::string_view{".,;:!?'*"}.find(last) == std::string_view::npos) {
            break;
        }
        address.remove_suffix(1);
    }
    return address;
}

} // namespace

std::vector<std::string_view> find_text_links(std::string_view text, std::size_t count_max)
{
    std::vector<std::string_view> links;
    for (std::size_t at = 0; at < text.size() && links.size() < count_max;) {
        const bool may_start = starts_address[static_cast<unsigned char>(text[at])];
        const std::size_t prefix = may_start ? prefix_at(text, at) : 0;
        if (prefix == 0) {
            ++at;
            continue;
        }
        std::size_t end = at + prefix;
        while (end < text.size() && !ends_address(text[end])) {
            ++end;
        }
        const auto address = without_punctuation(text.substr(at, end - at));
        if (address.size() > prefix) {
            links.push_back(address);
        }
        at = end;
    }
    return links;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max)
{
    if (text.size() <= bytes_max) {
        return text;
    }
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

} // namespace watchpost::message
