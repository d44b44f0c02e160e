#include "message/percent_encoding.h"

#include <algorithm>

#include "message/ascii.h"
#include "message/charset.h"

namespace watchpost::message {

std::string percent_decode(std::string_view text)
{
    std::string octets;
    octets.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool may_be_octet = text[at] == '%' && text.size() - at > 2;
        const int high = may_be_octet ? hex_value(text[at + 1]) : -1;
        const int low = may_be_octet ? hex_value(text[at + 2]) : -1;
        if (high >= 0 && low >= 0) {
            octets += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            octets += text[at];
        }
    }
    return octets;
}

std::vector<std::string_view> raw_query_values(std::string_view query, std::string_view name)
{
    std::vector<std::string_view> values;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        std::string_view parameter = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (starts_ignoring_case(parameter, "amp;")) {
            parameter.remove_prefix(4);
        }
        const auto equals = parameter.find('=');
        if (equals != std::string_view::npos &&
            equals_ignoring_case(percent_decode(parameter.substr(0, equals)), name)) {
            values.push_back(parameter.substr(equals + 1));
        }
    }
    return values;
}

std::vector<std::string> query_values(std::string_view query, std::string_view name)
{
    std::vector<std::string> values;
    for (const auto raw : raw_query_values(query, name)) {
        std::string value{raw};
        std::ranges::replace(value, '+', ' ');
        values.push_back(percent_decode(value));
    }
    return values;
}

std::string to_url_text(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const bool is_utf8 = is_valid_utf8(text);
    std::string url;
    url.reserve(text.size());
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet <= 0x20U || octet == 0x7fU || (octet >= 0x80U && !is_utf8)) {
            url += '%';
            url += digits[octet >> 4U];
            url += digits[octet & 0xfU];
        } else {
            url += c;
        }
    }
    return url;
}

} // namespace watchpost::message
