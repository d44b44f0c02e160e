// Addresses that stand in plain text, as mail programs make links of them. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace watchpost::message {

/// http, https and ftp addresses, "www.…" and "mailto:…", in order, as views into the text.
/// Punctuation at the end and brackets that do not open inside are left out.
[[nodiscard]] std::vector<std::string_view> find_text_links(std::string_view text,
                                                            std::size_t count_max);

/// At most `bytes_max`, never in the middle of a character of UTF-8.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

} // namespace watchpost::message
