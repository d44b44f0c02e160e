// What tests of this module share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "message/message.h"

namespace watchpost::message::test {

/// A message and the text that it views. Not movable: the views would dangle.
class Parsed {
public:
    explicit Parsed(std::string text, const Limits& limits = {})
        : text_{std::move(text)}
        , message_{Message::parse(base::as_bytes(text_), limits)}
    {
    }
    ~Parsed() = default;
    Parsed(const Parsed&) = delete;
    Parsed& operator=(const Parsed&) = delete;

    [[nodiscard]] const Message& message() const { return message_; }
    [[nodiscard]] const Part& root() const { return message_.root(); }

    [[nodiscard]] bool has_defect(std::string_view id) const
    {
        const auto& all = message_.defects();
        return std::any_of(all.begin(), all.end(), [&](const auto& d) { return d.id == id; });
    }

    /// "1 text/plain, 2 message/rfc822, 2.1 text/html"
    [[nodiscard]] std::string leaves() const
    {
        std::string text;
        for (const Part* const part : message::leaves(message_)) {
            text += (text.empty() ? "" : ", ") + part->path + ' ' + part->content_type.media_type();
        }
        return text;
    }

    /// The decoded content of the leaf with that path; "(none)" where there is none.
    [[nodiscard]] std::string content(std::string_view path) const
    {
        for (const Part* const part : message::leaves(message_)) {
            if (part->path == path) {
                std::vector<Defect> defects;
                const auto decoded = DecodedContent::decode(*part, defects);
                return std::string{base::as_text(decoded.bytes())};
            }
        }
        return "(none)";
    }

private:
    std::string text_;
    Message message_;
};

/// Everything that is seen of a tree, in one text: for "is it the same?".
inline void describe(const Part& part, std::string& text)
{
    text += '[' + part.path + ' ' + part.content_type.media_type() + ' ' + part.filename + ' ' +
            part.disposition + ' ';
    for (const auto& field : part.header) {
        text += std::string{field.name} + '=' + std::string{field.value} + ';';
    }
    text += std::string{base::as_text(part.raw_content)};
    for (const auto& child : part.children) {
        describe(*child, text);
    }
    text += ']';
}

inline std::string describe(const Message& message)
{
    std::string text;
    describe(message.root(), text);
    for (const auto& defect : message.defects()) {
        text += std::string{defect.id} + '@' + defect.part + ' ' + std::to_string(defect.offset);
    }
    return text;
}

/// Lines with CR LF.
inline std::string lines(std::initializer_list<std::string_view> all)
{
    std::string text;
    for (const auto line : all) {
        text += line;
        text += "\r\n";
    }
    return text;
}

} // namespace watchpost::message::test
