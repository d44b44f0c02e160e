// The console's files, as they were built into the program. Immutable; thread-safe.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace watchpost::api {

struct Asset {
    std::string_view path;         // "/index.html"
    std::string_view content_type; // "text/html; charset=utf-8"
    std::string_view etag;         // quoted; changes with the bytes
    bool is_immutable = false;     // its name changes with its bytes: may be cached for ever
    base::ByteView bytes;
};

class AssetSource {
public:
    virtual ~AssetSource() = default;
    AssetSource(const AssetSource&) = delete;
    AssetSource& operator=(const AssetSource&) = delete;

    /// The file at a path. A path that names no file but could be a view of the console (its last
    /// step has no dot) is the page itself: the console reads its address. Null where there is
    /// none. Lives as long as the source.
    [[nodiscard]] virtual const Asset* find(std::string_view path) const = 0;

protected:
    AssetSource() = default;
};

} // namespace watchpost::api
