#include "unpack/rtf_references.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "unpack/names.h"
#include "unpack/rtf_tokens.h"

namespace watchpost::unpack {
namespace {

enum class Place : std::uint8_t { target, field }; // what the text of a group is

std::optional<Place> place_of(std::string_view word)
{
    if (word == "template") {
        return Place::target;
    }
    return word == "fldinst" ? std::optional{Place::field} : std::nullopt;
}

/// The next word of a field's code; quotes hold it together. Backslashes are doubled in codes.
std::string take_word(std::string_view& code)
{
    constexpr std::string_view blanks = " \t\r\n";
    code.remove_prefix(std::min(code.find_first_not_of(blanks), code.size()));
    const bool is_quoted = code.starts_with('"');
    code.remove_prefix(is_quoted ? 1 : 0);
    const auto end = std::min(is_quoted ? code.find('"') : code.find_first_of(blanks), code.size());
    const auto written = code.substr(0, end);
    code.remove_prefix(std::min(end + 1, code.size()));
    std::string word;
    for (std::size_t i = 0; i < written.size(); ++i) {
        i += written.substr(i).starts_with("\\\\") ? 1 : 0;
        word += written[i];
    }
    return word;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

std::optional<Reference::Kind> kind_of_field(const std::string& name)
{
    if (name == "HYPERLINK") {
        return Reference::Kind::link;
    }
    if (name == "DDE" || name == "DDEAUTO") {
        return Reference::Kind::launch;
    }
    const bool is_fetched = name == "INCLUDEPICTURE" || name == "INCLUDETEXT" ||
                            name == "INCLUDE" || name == "IMPORT" || name == "LINK";
    return is_fetched ? std::optional{Reference::Kind::load} : std::nullopt;
}

class Reader {
public:
    explicit Reader(Meter& meter) : meter_{meter} {}

    void take(const RtfToken& token)
    {
        switch (token.kind) {
        case RtfToken::Kind::open:
            ++depth_;
            return;
        case RtfToken::Kind::close:
            if (place_ && depth_ <= place_depth_) {
                end();
            }
            depth_ -= depth_ > 0 ? 1 : 0;
            return;
        case RtfToken::Kind::word:
            return on_word(token);
        case RtfToken::Kind::symbol:
            escape_left_ = token.text == "'" ? 2 : 0;
            return token.text == "\\" || token.text == "{" || token.text == "}" ? add(token.text)
                                                                                : void();
        case RtfToken::Kind::text:
            return on_text(token.text);
        case RtfToken::Kind::binary:
            return;
        }
    }

    void end()
    {
        const auto text = std::exchange(text_, {});
        if (std::exchange(place_, std::nullopt) == Place::field) {
            read_field(text);
        } else if (!text.empty()) {
            meter_.refer({name_from_octets(text), Reference::Kind::load});
        }
    }

private:
    static constexpr std::size_t text_bytes_max = 4096;

    void on_word(const RtfToken& word)
    {
        escape_left_ = 0;
        if (const auto place = place_of(word.text)) {
            end();
            place_ = place;
            place_depth_ = depth_;
        } else if (word.text == "u" && word.number) { // what follows stands in for it
            const auto unit = static_cast<char16_t>(*word.number & 0xFFFF);
            add(name_from_utf16(std::u16string_view{&unit, 1}));
            to_skip_ = 1;
        }
    }

    void on_text(std::string_view text)
    {
        if (escape_left_ > 0) {
            const auto octet = base::parse_hex(text.substr(0, escape_left_));
            text.remove_prefix(std::min(escape_left_, text.size()));
            escape_left_ = 0;
            if (octet && to_skip_ == 0) {
                add(base::as_text(*octet));
            }
            to_skip_ = 0;
        }
        const auto skipped = std::min(std::exchange(to_skip_, std::size_t{0}), text.size());
        add(text.substr(skipped));
    }

    void add(std::string_view text)
    {
        for (const char c : text) {
            if (place_ && c != '\r' && c != '\n' && text_.size() < text_bytes_max) {
                text_ += c;
            }
        }
    }

    void read_field(std::string_view code)
    {
        const auto kind = kind_of_field(upper(take_word(code)));
        if (!kind) {
            return;
        }
        auto target = take_word(code);
        if (*kind == Reference::Kind::launch) {
            target +=
                ' ' + std::string{code}; // program, file, place in it: the whole is the command
        }
        if (!target.empty()) {
            meter_.refer({name_from_octets(target), *kind});
        }
    }

    Meter& meter_;
    std::size_t depth_ = 0;
    std::optional<Place> place_;
    std::size_t place_depth_ = 0;
    std::string text_;
    std::size_t escape_left_ = 0;
    std::size_t to_skip_ = 0; // characters behind \u
};

} // namespace

void refer_rtf(base::ByteView rtf, Meter& meter)
{
    Reader reader{meter};
    RtfTokens tokens{rtf};
    while (const auto token = tokens.next()) {
        reader.take(*token);
    }
    reader.end();
}

} // namespace watchpost::unpack
