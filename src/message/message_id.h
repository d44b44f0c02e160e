// Message-ID, In-Reply-To and References: lists of ids. RFC 5322 §3.6.4. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watchpost::message {

/// The ids without their angle brackets and without white space, UTF-8. Text outside the brackets
/// counts only where there is no bracket at all. At most `count_max`.
[[nodiscard]] std::vector<std::string> parse_message_ids(std::string_view raw,
                                                         std::size_t count_max);

} // namespace watchpost::message
