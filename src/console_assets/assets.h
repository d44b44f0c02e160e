// The files of the web console, as they lie in the program itself: made from console/ at build
// time.
//
// Everything here is constant and lives as long as the program; any thread may read it.
#pragma once

#include <span>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::console_assets {

struct Asset {
    std::string_view path; // "/index.html"
    std::string_view content_type;
    std::string_view etag; // quoted; changes with the bytes
    bool is_immutable;     // its name changes with its bytes: may be cached for ever
    base::ByteView bytes;
};

/// All of them, by path.
[[nodiscard]] std::span<const Asset> all() noexcept;

/// The file at a path. A path that names no file but could be a view of the console (its last step
/// has no dot) is the page itself: the console reads its address. Null where there is none.
[[nodiscard]] const Asset* find(std::string_view path) noexcept;

} // namespace watchpost::console_assets
