// What must hold for any input: encode and decode is the identity, and nothing that a reader gives
// out is not UTF-8.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h> // needs GoogleTest before it

#include "message/address.h"
#include "message/base64.h"
#include "message/charset.h"
#include "message/encoded_word.h"
#include "message/parameters.h"
#include "message/quoted_printable.h"

namespace watchpost::message {
namespace {

std::string hex(char c)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto octet = static_cast<unsigned char>(c);
    return {digits[octet >> 4U], digits[octet & 15U]};
}

/// The simplest encoder that is right: every octet is escaped, a soft break after each `every`.
std::string encode_quoted_printable(const std::string& text, std::size_t every)
{
    std::string coded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        coded += '=' + hex(text[i]);
        coded += (i + 1) % every == 0 ? "=\r\n" : "";
    }
    return coded;
}

std::string to_text(const std::vector<std::uint8_t>& octets)
{
    return {octets.begin(), octets.end()};
}

RC_GTEST_PROP(EncodingProperties, Base64IsReversed, (const std::vector<std::uint8_t>& octets))
{
    const auto text = to_text(octets);
    const auto line = *rc::gen::inRange<std::size_t>(1, 80);
    const auto result = decode_base64(encode_base64(base::as_bytes(text), line));
    RC_ASSERT(base::as_text(result.bytes) == text);
    RC_ASSERT(!result.had_junk && !result.is_incomplete && !result.had_early_padding);
}

RC_GTEST_PROP(EncodingProperties, QuotedPrintableIsReversed,
              (const std::vector<std::uint8_t>& octets))
{
    const auto text = to_text(octets);
    const auto every = *rc::gen::inRange<std::size_t>(1, 26);
    const auto result = decode_quoted_printable(encode_quoted_printable(text, every));
    RC_ASSERT(base::as_text(result.bytes) == text);
    RC_ASSERT(!result.had_invalid);
}

RC_GTEST_PROP(EncodingProperties, ParameterInPiecesIsReversed,
              (const std::vector<std::uint8_t>& octets))
{
    const auto text = to_text(octets);
    const auto piece = *rc::gen::inRange<std::size_t>(1, 9);
    std::string coded = "; n*0*=utf-8''";
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && i % piece == 0) {
            coded += "; n*" + std::to_string(++number) + "*=";
        }
        coded += '%' + hex(text[i]);
    }
    const std::string path;
    DefectList list{100};
    DefectLog defects{list, path};
    const auto parameters = parse_parameters(coded, 10'000, defects);
    RC_ASSERT(parameters.size() == 1U);
    RC_ASSERT(parameters[0].second == to_utf8(text, "utf-8").text);
}

RC_GTEST_PROP(EncodingProperties, EncodedWordsAreReversedWhereverTheyAreCut,
              (const std::vector<std::uint8_t>& octets))
{
    const auto text = to_text(octets);
    const auto piece = *rc::gen::inRange<std::size_t>(1, 9);
    const auto separator = *rc::gen::element<std::string>(" ", "\r\n ", "\t", "");
    std::string coded;
    for (std::size_t i = 0; i < text.size(); i += piece) {
        const auto part = text.substr(i, piece);
        coded += coded.empty() ? "" : separator;
        if (*rc::gen::arbitrary<bool>()) {
            coded += "=?utf-8?b?" + encode_base64(base::as_bytes(part)) + "?=";
        } else {
            coded += "=?UTF-8?Q?";
            for (const char c : part) {
                coded += '=' + hex(c);
            }
            coded += "?=";
        }
    }
    RC_ASSERT(decode_text(coded).text == to_utf8(text, "utf-8").text);
}

RC_GTEST_PROP(Utf8Properties, WhateverComesInTextsThatGoOutAreUtf8,
              (const std::vector<std::uint8_t>& octets))
{
    const auto text = to_text(octets);
    const auto charset = *rc::gen::element<std::string>(
        "utf-8", "us-ascii", "iso-8859-15", "gb18030", "iso-2022-jp", "utf-7", "utf-16", "x");
    RC_ASSERT(is_valid_utf8(to_utf8(text, charset).text));
    RC_ASSERT(is_valid_utf8(decode_text(text).text));
    for (const auto& address : parse_addresses(text, 100).addresses) {
        RC_ASSERT(is_valid_utf8(address.display_name + address.local_part + address.domain));
    }
}

} // namespace
} // namespace watchpost::message
