// RTF as Word's reader sees it: groups, control words, raw data, text. RTF specification 1.9.1.
//
// Views into the text; never fails, for RTF has no errors. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

struct RtfToken {
    enum class Kind : std::uint8_t {
        open,   // {
        close,  // }
        word,   // \name with its number
        symbol, // \* \' \~ …: the one character, in text
        text,   // up to the next of these characters
        binary  // what \bin announced
    };
    Kind kind = Kind::text;
    std::string_view text; // the word's name, the symbol, the text or the binary octets
    std::optional<std::int64_t> number;
};

class RtfTokens {
public:
    explicit RtfTokens(base::ByteView rtf) : rest_{base::as_text(rtf)} {}

    /// nullopt at the end.
    [[nodiscard]] std::optional<RtfToken> next();

private:
    [[nodiscard]] RtfToken take(RtfToken::Kind kind, std::size_t count);
    [[nodiscard]] RtfToken take_control();

    std::string_view rest_;
    std::size_t binary_bytes_ = 0; // that come next
};

} // namespace watchpost::unpack
