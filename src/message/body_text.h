// The text of one part: transfer encoding off, charset to UTF-8. Not thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"
#include "message/defect_log.h"
#include "message/message.h"

namespace watchpost::message {

/// The text of an HTML document, and what had to be forgiven in it.
struct HtmlSource {
    std::string text;
    std::string charset; // by which it was read
    bool is_known_charset = true;
    bool had_invalid_bytes = false;
    bool was_cut = false;
};

/// Of decoded octets, at most `bytes_max` of UTF-8, in the charset that counts first (charsets_of).
[[nodiscard]] HtmlSource to_html_source(base::ByteView content, std::string_view charset,
                                        std::size_t bytes_max);
void note_defects(const HtmlSource& source, DefectLog& defects);

/// At most `bytes_max` of UTF-8. `was_cut` is set where there was more, and never cleared.
[[nodiscard]] std::string read_body_text(const Part& part, std::size_t bytes_max,
                                         DefectLog& defects, bool& was_cut);

} // namespace watchpost::message
