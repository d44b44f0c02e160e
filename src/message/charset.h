// Text of any charset to UTF-8. Wraps ICU; ASCII, UTF-8 and Windows-1252 need no converter.
//
// Never fails: octets that the charset does not have become U+FFFD, an unknown charset is read as
// UTF-8 where it is valid, else as Windows-1252. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::message {

struct Utf8Text {
    std::string text;
    bool is_known_charset = true;
    bool had_invalid_bytes = false;
};

[[nodiscard]] Utf8Text to_utf8(std::string_view bytes, std::string_view charset);

/// Does to_utf8() know it? The empty name is no charset.
[[nodiscard]] bool is_known_charset(std::string_view charset);

/// Text whose charset nobody declared: UTF-8 where it is valid, else Windows-1252.
[[nodiscard]] std::string guess_to_utf8(std::string_view bytes);

[[nodiscard]] bool is_valid_utf8(std::string_view bytes);

} // namespace watchpost::message
