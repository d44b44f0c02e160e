// What `watchpost scan` was asked to do: options over the settings file over the defaults.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "model/copy_setting.h"

namespace watchpost::app {

enum class ScanFormat : std::uint8_t { text, json };

struct ScanOptions {
    ScanFormat format = ScanFormat::text;
    config::Settings settings;
    std::vector<std::string> paths;                            // files, folders, "-"
    std::filesystem::path spool;                               // empty: none
    model::CopySetting copies = model::CopySetting::automatic; // how they came: docs/copies.md
};

struct HelpWanted {
    std::string text;
};

/// Reads the settings and password files that the options name.
[[nodiscard]] base::Result<std::variant<ScanOptions, HelpWanted>>
parse_scan_options(int argument_count, char** arguments);

} // namespace watchpost::app
