// Counts the attributes of tags without knowing where tags are. See html_guard.h. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace watchpost::message {

/// The length of the longest prefix in which no tag, wherever one may start, has more attributes.
[[nodiscard]] std::size_t prefix_with_attributes(std::string_view html, std::size_t count_max);

} // namespace watchpost::message
