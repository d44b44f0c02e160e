#include "inspect/leaf_path.h"

#include <array>

#include "diag/quote.h"

namespace watchpost::inspect {
namespace {

void append_percent(std::string& out, unsigned char octet)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    out += '%';
    out += digits[octet >> 4U];
    out += digits[octet & 0xFU];
}

std::size_t character_bytes(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// U+0000–U+001F, U+007F and, in UTF-8, U+0080–U+009F; and the two characters of our own syntax.
bool is_to_be_encoded(std::string_view character)
{
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 2) {
        return lead == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
    }
    return lead < 0x20 || lead == 0x7F || lead == '!' || lead == '%';
}

} // namespace

std::string encode_member_name(std::string_view name)
{
    // Only what can end up in the step is made valid: a name may have megabytes.
    const std::string valid = diag::to_valid_utf8(name.substr(0, 2 * path_step_bytes_max));
    std::string out;
    for (std::size_t at = 0; at < valid.size();) {
        const auto character = std::string_view{valid}.substr(
            at, character_bytes(static_cast<unsigned char>(valid[at])));
        at += character.size();
        std::string step;
        if (is_to_be_encoded(character)) {
            for (const char octet : character) {
                append_percent(step, static_cast<unsigned char>(octet));
            }
        } else {
            step = character;
        }
        if (out.size() + step.size() > path_step_bytes_max) {
            break;
        }
        out += step;
    }
    return out;
}

std::string MemberPaths::claim(std::string_view name)
{
    const std::string step = encode_member_name(name);
    std::string candidate = step;
    // A member may be called "a#2" by itself, so the next number is not free for certain.
    while (!taken_.insert(candidate).second) {
        auto& last = doubles_.try_emplace(step, 1).first->second;
        candidate = step + '#' + std::to_string(++last);
    }
    return prefix_ + candidate;
}

} // namespace watchpost::inspect
