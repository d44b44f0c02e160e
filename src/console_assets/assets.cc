#include "console_assets/assets.h"

#include <algorithm>

namespace watchpost::console_assets {

namespace {

const Asset* find_exactly(std::string_view path) noexcept
{
    const auto assets = all();
    const auto found = std::ranges::lower_bound(assets, path, {}, &Asset::path);
    return found != assets.end() && found->path == path ? &*found : nullptr;
}

bool is_view(std::string_view path) noexcept
{
    const auto last = path.substr(path.rfind('/') + 1);
    return path.starts_with('/') && last.find('.') == std::string_view::npos;
}

} // namespace

const Asset* find(std::string_view path) noexcept
{
    if (const auto* asset = find_exactly(path)) {
        return asset;
    }
    return is_view(path) ? find_exactly("/index.html") : nullptr;
}

} // namespace watchpost::console_assets
