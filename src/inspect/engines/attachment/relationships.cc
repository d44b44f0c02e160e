#include "inspect/engines/attachment/relationships.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "base/ascii.h"

namespace watchpost::inspect::attachment {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Markup is ASCII: dropping the zero octets of UTF-16 is enough to read it.
std::string narrow(base::ByteView xml)
{
    const std::string_view text = base::as_text(xml);
    std::string result{text};
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        std::erase(result, '\0');
    }
    return result;
}

/// One character reference or predefined entity, without "&" and ";".
std::optional<char> decode_entity(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, char>, 5> named{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    for (const auto& [word, character] : named) {
        if (name == word) {
            return character;
        }
    }
    if (!name.starts_with('#')) {
        return std::nullopt;
    }
    name.remove_prefix(1);
    const bool is_hex = name.starts_with('x');
    name.remove_prefix(is_hex ? 1 : 0);
    unsigned value = 0;
    const auto [end, error] =
        std::from_chars(name.data(), name.data() + name.size(), value, is_hex ? 16 : 10);
    if (error != std::errc{} || end != name.data() + name.size() || value == 0 || value > 0x7E) {
        return std::nullopt;
    }
    return static_cast<char>(value);
}

std::string decode_entities(std::string_view text)
{
    constexpr std::size_t entity_bytes_max = 12;
    std::string result;
    while (!text.empty()) {
        const auto end = text.front() == '&' ? text.substr(0, entity_bytes_max).find(';')
                                             : std::string_view::npos;
        const auto decoded =
            end == std::string_view::npos ? std::nullopt : decode_entity(text.substr(1, end - 1));
        result += decoded.value_or(text.front());
        text.remove_prefix(decoded ? end + 1 : 1);
    }
    return result;
}

/// Takes `name="value"` off the front of `tag`; false at its end.
bool take_attribute(std::string_view& tag, std::string& name, std::string& value)
{
    const auto start = tag.find_first_not_of(blanks);
    const auto equals = tag.find('=');
    if (start == std::string_view::npos || equals == std::string_view::npos || equals < start) {
        return false;
    }
    const std::string_view written = tag.substr(start, equals - start);
    name = base::lower_case(written.substr(0, written.find_last_not_of(blanks) + 1));
    tag.remove_prefix(equals + 1);
    const auto open = tag.find_first_not_of(blanks);
    if (open == std::string_view::npos || (tag[open] != '"' && tag[open] != '\'')) {
        return false;
    }
    const auto close = tag.find(tag[open], open + 1);
    if (close == std::string_view::npos) {
        return false;
    }
    value = decode_entities(tag.substr(open + 1, close - open - 1));
    tag.remove_prefix(close + 1);
    return true;
}

Relationship read_tag(std::string_view tag)
{
    Relationship result;
    std::string name;
    std::string value;
    while (take_attribute(tag, name, value)) {
        if (name == "type") {
            result.type = value.substr(value.rfind('/') + 1);
        } else if (name == "target") {
            result.target = value;
        } else if (name == "targetmode") {
            result.is_external = base::lower_case(value) == "external";
        }
    }
    return result;
}

/// "file://host/share" and "\\host\share"; not "file:///C:/…", which stays on the machine.
bool names_another_host(std::string_view target)
{
    target.remove_prefix(std::min(target.find_first_not_of(" \t\r\n"), target.size()));
    for (const std::string_view scheme : {"http:", "https:", "ftp:", "mhtml:", "ms-its:"}) {
        if (target.starts_with(scheme)) {
            return true;
        }
    }
    if (target.starts_with("file:")) {
        target.remove_prefix(5);
        if (target.starts_with("///") && !target.starts_with("////")) {
            target.remove_prefix(3);
        }
    }
    return target.starts_with("\\\\") || target.starts_with("//");
}

} // namespace

RelationshipReader::RelationshipReader(base::ByteView xml) : text_{narrow(xml)} {}

std::optional<Relationship> RelationshipReader::next()
{
    constexpr std::string_view element = "Relationship";
    for (at_ = text_.find(element, at_); at_ != std::string::npos; at_ = text_.find(element, at_)) {
        at_ += element.size();
        if (at_ >= text_.size() || blanks.find(text_[at_]) == std::string_view::npos) {
            continue; // "Relationships", or a word in a value
        }
        const auto end = std::min(text_.find('<', at_), text_.size());
        Relationship found = read_tag(std::string_view{text_}.substr(at_, end - at_));
        at_ = end;
        if (!found.target.empty()) {
            return found;
        }
    }
    return std::nullopt;
}

bool is_remote_template(const Relationship& relationship)
{
    if (!relationship.is_external) {
        return false;
    }
    const std::string type = base::lower_case(relationship.type);
    const bool loads_on_open = type == "attachedtemplate" || type == "oleobject" ||
                               type == "frame" || type == "subdocument";
    return loads_on_open && names_another_host(base::lower_case(relationship.target));
}

} // namespace watchpost::inspect::attachment
