// Tags and attributes of XML-like texts, one after the other, without a tree: for texts of attacks,
// which are seldom well formed. Views into the text. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::unpack {

struct XmlAttribute {
    std::string name;  // lower case
    std::string value; // references to characters resolved
};

struct XmlTag {
    std::string name; // lower case, without its prefix; "/script" for an end
    std::vector<XmlAttribute> attributes;
};

class XmlTags {
public:
    static constexpr std::size_t attributes_max = 1'000; // of one tag; more are left out

    explicit XmlTags(std::string_view text) : rest_{text} {}

    /// nullopt at the end. Comments and declarations are passed over.
    [[nodiscard]] std::optional<XmlTag> next();

    /// The text up to the end tag of this name, or to the end; CDATA marks taken off.
    [[nodiscard]] std::string take_content(std::string_view name);

private:
    [[nodiscard]] XmlTag read_tag();
    [[nodiscard]] std::optional<XmlAttribute> read_attribute();

    std::string_view rest_;
};

} // namespace watchpost::unpack
