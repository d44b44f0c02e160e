#include "unpack/rtf_html.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "unpack/rtf_tokens.h"

namespace watchpost::unpack {
namespace {

using std::string_view;

/// [MS-OXRTFEX] §2.1.4: within the first ten tokens; more are looked at, as others may.
bool says_html(base::ByteView rtf)
{
    constexpr int looked_at = 100;
    RtfTokens tokens{rtf};
    for (int i = 0; i < looked_at; ++i) {
        const auto token = tokens.next();
        if (!token) {
            return false;
        }
        if (token->kind == RtfToken::Kind::word && token->text == "fromhtml") {
            return token->number.value_or(1) != 0;
        }
    }
    return false;
}

struct Group {
    bool is_skipped = false;       // a destination that shows nothing
    bool is_rtf_only = false;      // \htmlrtf: what RTF readers see instead of the HTML
    bool is_html = false;          // {\*\htmltag …}: HTML as it stands
    bool is_at_star = false;       // {\* comes first
    std::int64_t unicode_skip = 1; // characters behind \u for readers that do not know it
};

string_view text_of_word(string_view word)
{
    struct Row {
        string_view word;
        string_view text;
    };
    constexpr std::array rows{
        Row{"par", "\r\n"},          Row{"line", "\r\n"},      Row{"tab", "\t"},
        Row{"lquote", "&lsquo;"},    Row{"rquote", "&rsquo;"}, Row{"ldblquote", "&ldquo;"},
        Row{"rdblquote", "&rdquo;"}, Row{"bullet", "&bull;"},  Row{"endash", "&ndash;"},
        Row{"emdash", "&mdash;"},
    };
    const auto* const row = std::ranges::find(rows, word, &Row::word);
    return row == rows.end() ? string_view{} : row->text;
}

bool is_hidden_destination(string_view word)
{
    constexpr std::array<string_view, 8> words{"fonttbl", "colortbl", "stylesheet", "info",
                                               "pict",    "object",   "header",     "footer"};
    return std::ranges::find(words, word) != words.end();
}

class Extractor {
public:
    std::string read(base::ByteView rtf)
    {
        RtfTokens tokens{rtf};
        while (const auto token = tokens.next()) {
            take(*token);
        }
        return std::move(html_);
    }

private:
    void take(const RtfToken& token)
    {
        switch (token.kind) {
        case RtfToken::Kind::open:
            open_group();
            skip_ = 0;
            return;
        case RtfToken::Kind::close:
            close_group();
            skip_ = 0;
            return;
        case RtfToken::Kind::word:
            return take_word(token);
        case RtfToken::Kind::symbol:
            return take_symbol(token.text);
        case RtfToken::Kind::text:
            return take_text(token.text);
        case RtfToken::Kind::binary:
            return;
        }
    }

    void open_group()
    {
        if (groups_.size() == groups_max) {
            ++groups_beyond_;
            return;
        }
        groups_.push_back(groups_.back());
        groups_.back().is_at_star = false;
    }

    void close_group()
    {
        if (groups_beyond_ > 0) {
            --groups_beyond_;
        } else if (groups_.size() > 1) {
            groups_.pop_back();
        }
    }

    void take_word(const RtfToken& token)
    {
        Group& group = groups_.back();
        if (std::exchange(group.is_at_star, false)) {
            group.is_html = token.text == "htmltag";
            group.is_skipped = !group.is_html;
        } else if (token.text == "htmlrtf") {
            group.is_rtf_only = token.number.value_or(1) != 0;
        } else if (is_hidden_destination(token.text)) {
            group.is_skipped = true;
        } else if (token.text == "uc") {
            group.unicode_skip = std::clamp<std::int64_t>(token.number.value_or(1), 0, 16);
        } else if (token.text == "u") {
            take_unicode(token.number.value_or(0));
        } else {
            write(text_of_word(token.text));
        }
    }

    /// Numbers above 32,767 are written as negative ones.
    void take_unicode(std::int64_t number)
    {
        constexpr std::int64_t values = 65'536;
        const auto unit = number < 0 ? number + values : number;
        skip_ = 0;
        if (unit <= 0 || unit >= values) {
            return;
        }
        // Two halves of a pair come one behind the other; \u cannot say more than 16 bits.
        if (unit >= 0xd800 && unit < 0xdc00) {
            high_ = unit;
        } else if (unit >= 0xdc00 && unit < 0xe000) {
            write("&#" + std::to_string(0x10000 + ((high_ - 0xd800) << 10U) + (unit - 0xdc00)) +
                  ';');
        } else if (unit < 0x80) {
            write(std::string(1, static_cast<char>(unit)));
        } else {
            write("&#" + std::to_string(unit) + ';');
        }
        skip_ = groups_.back().unicode_skip;
    }

    void take_symbol(string_view symbol)
    {
        Group& group = groups_.back();
        if (symbol == "*") {
            group.is_at_star = true;
        } else if (symbol == "'") {
            is_hex_ = true;
        } else if (symbol == "~") {
            write("&nbsp;");
        } else if (symbol == "_") {
            write("&shy;");
        } else if (symbol == "\r" || symbol == "\n") {
            write("\r\n"); // the same as \par
        } else if (symbol == "{" || symbol == "}" || symbol == "\\") {
            write_character(symbol);
        }
    }

    /// Behind \' two digits come first; line ends between tokens are none of the text.
    void take_text(string_view text)
    {
        if (std::exchange(is_hex_, false) && text.size() >= 2) {
            const int high = base::hex_value(text[0]);
            const int low = base::hex_value(text[1]);
            if (high >= 0 && low >= 0) {
                const char octet = static_cast<char>(high * 16 + low);
                write_character({&octet, 1});
                text.remove_prefix(2);
            }
        }
        for (const char& c : text) {
            if (c != '\r' && c != '\n') {
                write_character({&c, 1});
            }
        }
    }

    void write_character(string_view character)
    {
        if (skip_ > 0) {
            --skip_;
        } else {
            write(character);
        }
    }

    void write(string_view text)
    {
        const Group& group = groups_.back();
        if (!group.is_skipped && (group.is_html || !group.is_rtf_only)) {
            html_ += text;
        }
    }

    static constexpr std::size_t groups_max = 10'000; // in each other; deeper ones are as these

    std::vector<Group> groups_{Group{}};
    std::size_t groups_beyond_ = 0;
    std::string html_;
    std::int64_t skip_ = 0;
    std::int64_t high_ = 0xd800;
    bool is_hex_ = false;
};

} // namespace

std::optional<std::string> read_rtf_html(base::ByteView rtf)
{
    return says_html(rtf) ? std::optional{Extractor{}.read(rtf)} : std::nullopt;
}

} // namespace watchpost::unpack
