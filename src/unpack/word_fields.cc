#include "unpack/word_fields.h"

#include <string>
#include <string_view>

#include "unpack/field_code.h"

namespace watchpost::unpack {
namespace {

constexpr std::size_t code_characters_max = 4'096;
constexpr char field_begin = '\x13';
constexpr char field_separator = '\x14';
constexpr char field_end = '\x15';

/// Up to the separator or the end; beyond ASCII "?".
std::string code_at(std::string_view text, std::size_t at, std::size_t width)
{
    std::string code;
    for (; at < text.size() && code.size() < code_characters_max; at += width) {
        const char c = text[at];
        if (c == field_separator || c == field_end || c == field_begin) {
            break;
        }
        code += c >= ' ' && c < '\x7F' ? c : ' ';
    }
    return code;
}

} // namespace

void refer_word_fields(base::ByteView stream, Meter& meter)
{
    const auto text = base::as_text(stream);
    for (auto at = text.find(field_begin); at != text.npos && meter.has_time();
         at = text.find(field_begin, at + 1)) {
        const bool is_wide = at + 1 < text.size() && text[at + 1] == '\0';
        const std::size_t width = is_wide ? 2 : 1;
        refer_field(code_at(text, at + width, width), meter);
    }
}

} // namespace watchpost::unpack
