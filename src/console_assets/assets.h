// The files of the web console, as they lie in the program itself: made from console/ at build
// time.
//
// Everything here is constant and lives as long as the program; any thread may read it.
#pragma once

#include <span>
#include <string_view>

#include "api/asset_source.h"

namespace watchpost::console_assets {

using api::Asset;

/// All of them, by path.
[[nodiscard]] std::span<const Asset> all() noexcept;

/// As AssetSource::find.
[[nodiscard]] const Asset* find(std::string_view path) noexcept;

/// The same for the API.
class ConsoleAssets final : public api::AssetSource {
public:
    [[nodiscard]] const Asset* find(std::string_view path) const override
    {
        return console_assets::find(path);
    }
};

} // namespace watchpost::console_assets
