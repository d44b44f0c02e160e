#include "unpack/xml_tags.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

constexpr std::string_view blanks = " \t\r\n\f";

std::string_view without_prefix(std::string_view name)
{
    const auto colon = name.rfind(':');
    return colon == name.npos ? name : name.substr(colon + 1);
}

std::optional<std::string> named_character(std::string_view name)
{
    struct Named {
        std::string_view name;
        std::string_view text;
    };
    constexpr std::array all{Named{"amp", "&"}, Named{"lt", "<"}, Named{"gt", ">"},
                             Named{"quot", "\""}, Named{"apos", "'"}};
    const auto* row = std::ranges::find(all, name, &Named::name);
    return row == all.end() ? std::nullopt : std::optional{std::string{row->text}};
}

/// XML 1.0 §4.1: "#106", "#x6A"; nullopt for what is no character.
std::optional<std::string> resolve(std::string_view reference)
{
    if (!reference.starts_with('#')) {
        return named_character(reference);
    }
    const bool is_hex = reference.size() > 1 && base::to_lower(reference[1]) == 'x';
    const auto digits = reference.substr(is_hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    if (!is_number || code == 0 || code > 0x10FFFF) {
        return std::nullopt;
    }
    std::u16string units;
    if (code < 0x10000) {
        units.push_back(static_cast<char16_t>(code));
    } else {
        units.push_back(static_cast<char16_t>(0xD800U + ((code - 0x10000U) >> 10U)));
        units.push_back(static_cast<char16_t>(0xDC00U + ((code - 0x10000U) & 0x3FFU)));
    }
    return name_from_utf16(units);
}

std::string resolved(std::string_view text)
{
    constexpr std::size_t reference_max = 12;
    std::string result;
    while (!text.empty()) {
        const auto at = std::min(text.find('&'), text.size());
        result += text.substr(0, at);
        text.remove_prefix(at);
        const auto end = text.substr(0, reference_max).find(';');
        const auto character = end == text.npos ? std::nullopt : resolve(text.substr(1, end - 1));
        if (character) {
            result += *character;
            text.remove_prefix(end + 1);
        } else if (!text.empty()) {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view small)
{
    const auto found = std::search(text.begin(), text.end(), small.begin(), small.end(),
                                   [](char a, char b) { return base::to_lower(a) == b; });
    return found == text.end() ? text.npos : static_cast<std::size_t>(found - text.begin());
}

} // namespace

std::optional<XmlTag> XmlTags::next()
{
    while (true) {
        const auto at = rest_.find('<');
        if (at == rest_.npos || at + 1 >= rest_.size()) {
            return std::nullopt;
        }
        rest_.remove_prefix(at + 1);
        if (rest_.starts_with("!--")) {
            const auto end = rest_.find("-->");
            rest_.remove_prefix(end == rest_.npos ? 3 : end); // one without end hides nothing
        } else if (rest_.front() != '!' && rest_.front() != '?') {
            return read_tag();
        }
    }
}

XmlTag XmlTags::read_tag()
{
    const auto end = std::min(rest_.find_first_of(" \t\r\n\f>", 1), rest_.size());
    const auto name = rest_.substr(0, end);
    const bool is_end = name.starts_with('/');
    auto bare = without_prefix(name.substr(is_end ? 1 : 0));
    bare = bare.substr(0, bare.find('/')); // <br/>
    XmlTag tag{(is_end ? "/" : "") + base::lower_case(bare), {}};
    rest_.remove_prefix(end);
    while (auto attribute = read_attribute()) {
        if (tag.attributes.size() < attributes_max) {
            tag.attributes.push_back(std::move(*attribute));
        }
    }
    return tag;
}

/// nullopt at the end of the tag, which is passed.
std::optional<XmlAttribute> XmlTags::read_attribute()
{
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n\f/"), rest_.size()));
    if (rest_.empty() || rest_.front() == '>') {
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
        return std::nullopt;
    }
    const auto end = std::min(rest_.find_first_of(" \t\r\n\f=>", 1), rest_.size());
    XmlAttribute attribute{base::lower_case(without_prefix(rest_.substr(0, end))), {}};
    rest_.remove_prefix(end);
    const auto sign = std::min(rest_.find_first_not_of(blanks), rest_.size());
    if (sign == rest_.size() || rest_[sign] != '=') {
        return attribute;
    }
    rest_.remove_prefix(sign + 1);
    rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
    const bool is_quoted = rest_.starts_with('"') || rest_.starts_with('\'');
    const auto close = is_quoted ? rest_.find(rest_.front(), 1) : rest_.find_first_of(" \t\r\n\f>");
    const auto value_end = std::min(close, rest_.size());
    attribute.value = resolved(rest_.substr(is_quoted ? 1 : 0, value_end - (is_quoted ? 1 : 0)));
    rest_.remove_prefix(std::min(value_end + (is_quoted ? 1 : 0), rest_.size()));
    return attribute;
}

std::string XmlTags::take_content(std::string_view name)
{
    const auto end = std::min(find_ignoring_case(rest_, "</" + std::string{name}), rest_.size());
    auto content = rest_.substr(0, end);
    rest_.remove_prefix(end);
    constexpr std::string_view mark = "<![CDATA[";
    if (const auto begin = content.find(mark); begin != content.npos) {
        content = content.substr(begin + mark.size());
        return std::string{content.substr(0, content.rfind("]]>"))};
    }
    return resolved(content);
}

} // namespace watchpost::unpack
