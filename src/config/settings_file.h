// Reads a settings file (TOML 1.0) against the declaration: what is not declared is refused.
//
// An error names file, line, key and what to do about it, and quotes what the file says. A relative
// path in the file is taken from the file's own folder. Wraps toml++. Thread-safe.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"

namespace watchpost::config {

/// `file` names the text in errors and is the base of relative paths.
[[nodiscard]] base::Result<Settings> parse_settings(std::string_view text,
                                                    const std::filesystem::path& file);

/// A settings file of more than 1 MiB is refused.
[[nodiscard]] base::Result<Settings> read_settings_file(const std::filesystem::path& file);

} // namespace watchpost::config
