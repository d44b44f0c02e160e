// Comments and folding white space of structured fields, skipped without recursion: nesting is a
// counter, so that a megabyte of "(" costs one pass. RFC 5322 §3.2.2.
#pragma once

#include <cstddef>
#include <string_view>

namespace watchpost::message {

/// `at` stands on "(". Returns the place after the matching ")", or the end of the text.
[[nodiscard]] std::size_t skip_comment(std::string_view text, std::size_t at) noexcept;

/// White space and comments from `at` on.
[[nodiscard]] std::size_t skip_cfws(std::string_view text, std::size_t at) noexcept;

} // namespace watchpost::message
