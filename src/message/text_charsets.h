// The charsets in which programs may read one text: what its part declares, what its octets say.
//
// Where these disagree, or where ASCII is written in other octets than its own, what a reader sees
// is not what stands in the octets; each such reading is a version of the text. RFC 2046 §4.1.2,
// RFC 2781, RFC 2152. Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace watchpost::message {

enum class TextMarkup : std::uint8_t { plain, html };

/// Names of charsets that are known, each once, the one that counts first: the declared one, else
/// a byte order mark, else a <meta> or XML declaration near the start, else what NUL octets say.
/// UTF-16 without a byte order mark is read in both orders. Empty: no charset is named.
[[nodiscard]] std::vector<std::string> charsets_of(base::ByteView content,
                                                   std::string_view declared, TextMarkup markup);

/// A text in UTF-8 whose ASCII is not that of the octets it was read from.
struct TextVersion {
    std::string charset;
    std::string text;      // without a byte order mark
    bool is_shown = false; // by the charset that counts first
    bool was_cut = false;
};

struct TextVersions {
    static constexpr std::size_t versions_max = 8;

    std::vector<TextVersion> versions; // with different texts; mostly none
    std::string utf7;                  // where a charset is UTF-7: its name. RFC 2152
    std::string unsuitable; // a declared charset whose CR LF is not that of mail. RFC 2046 §4.1.1
    std::string conflict;   // the charsets that lead to different ASCII, where there are several
};

/// At most `bytes_max` of UTF-8 each. A text whose charsets leave ASCII alone is not even decoded.
[[nodiscard]] TextVersions read_versions(base::ByteView content, std::string_view declared,
                                         TextMarkup markup, std::size_t bytes_max);

} // namespace watchpost::message
