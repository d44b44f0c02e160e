// The console's files, as they were built into the program. Immutable; thread-safe.
#pragma once

#include <string_view>

namespace watchpost::api {

struct Asset {
    std::string_view content_type; // "text/html; charset=utf-8"
    std::string_view bytes;
    std::string_view etag;     // quoted, of the content
    bool is_immutable = false; // its name holds a hash of its content
};

class AssetSource {
public:
    virtual ~AssetSource() = default;
    AssetSource(const AssetSource&) = delete;
    AssetSource& operator=(const AssetSource&) = delete;

    /// "/index.html", "/assets/index-1a2b.js"; null where there is none. Lives as long as the
    /// source.
    [[nodiscard]] virtual const Asset* find(std::string_view path) const = 0;

protected:
    AssetSource() = default;
};

} // namespace watchpost::api
