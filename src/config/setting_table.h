// The declaration of every setting, once: its key, where its value lives, its range and its
// sentence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.h"

namespace watchpost::config {

/// Where the value of a setting lives; the type decides how it is written in the file.
using Slot = std::variant<bool*, Switch*, std::uint64_t*, std::filesystem::path*,
                          std::vector<std::string>*, std::vector<std::filesystem::path>*>;

struct Setting {
    std::string_view section; // "limits.unpack"
    std::string_view name;    // "members_max"
    Slot slot;
    std::uint64_t least = 0; // numbers only
    std::uint64_t most = 0;
    std::string_view sentence; // what it does, for the operator

    [[nodiscard]] std::string key() const { return std::string{section}.append(".").append(name); }
};

struct Section {
    std::string_view name;
    std::string_view sentence;
};

/// All sections, in the order of the example file.
[[nodiscard]] const std::vector<Section>& section_table();

/// All settings in the order of the example file, bound to the values of `settings`, which must
/// outlive the result.
[[nodiscard]] std::vector<Setting> setting_table(Settings& settings);

} // namespace watchpost::config
