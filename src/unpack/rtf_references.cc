#include "unpack/rtf_references.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "unpack/field_code.h"
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
            refer_field(text, meter_);
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
