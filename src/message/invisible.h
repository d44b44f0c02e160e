// Characters without a picture of their own, which split words for programs and not for readers.
// Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchpost::message {

struct SeenText {
    std::string text;        // what is left to be seen
    std::string tagged;      // what characters of the block "Tags" (U+E0020 …) spell
    std::size_t removed = 0; // characters without a picture
};

/// `text` is UTF-8. Joiners and selectors behind characters beyond ASCII stay: scripts and emoji
/// need them.
[[nodiscard]] SeenText without_invisible(std::string_view text);

/// Whether without_invisible() may find anything: cheap, and right for nearly all texts.
[[nodiscard]] bool may_have_invisible(std::string_view text) noexcept;

} // namespace watchpost::message
