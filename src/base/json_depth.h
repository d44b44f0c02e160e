// How deep a JSON text is nested, looked at before anything is built of it: libraries copy and
// write a document by recursion, so that a deep one would end the process. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace watchpost::base {

/// Are more than `levels_max` objects and arrays open at once? Of a text that is no JSON the answer
/// may be anything that its brackets say.
[[nodiscard]] bool is_nested_deeper_than(std::string_view json, std::size_t levels_max) noexcept;

} // namespace watchpost::base
