#include "model/copy_setting.h"

#include "base/assert.h"

namespace watchpost::model {

std::string_view to_string(CopySetting setting) noexcept
{
    switch (setting) {
    case CopySetting::automatic:
        return "auto";
    case CopySetting::plain:
        return "plain";
    case CopySetting::journal:
        return "journal";
    case CopySetting::redirected:
        return "redirected";
    case CopySetting::attached:
        return "attached";
    }
    WP_UNREACHABLE("copy setting out of range");
}

std::optional<CopySetting> parse_copy_setting(std::string_view text) noexcept
{
    for (const auto setting : all_copy_settings) {
        if (text == to_string(setting)) {
            return setting;
        }
    }
    return std::nullopt;
}

} // namespace watchpost::model
