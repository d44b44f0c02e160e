// YARA rules over the raw message and every leaf, by libyara.
//
// The rules are compiled by make_yara_engine(), before the sandbox closes; a scan opens no file.
// Confined to one thread. The only target that wraps libyara.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/error.h"
#include "inspect/engine.h"

namespace watchpost::inspect {

enum class BuiltinRules : std::uint8_t { on, off };

struct YaraSettings {
    BuiltinRules builtin = BuiltinRules::on;
    std::vector<std::filesystem::path> rule_files; // each is a name space of its own
    std::size_t rule_file_bytes_max = std::size_t{64} << 20U;
    std::size_t matches_max = 100; // rules told a leaf; more are one gap "limit_matches"
};

/// Refuses rules that do not compile, with the compiler's messages (file, line, text) in the error,
/// and files that include others: a rule file must stand alone.
[[nodiscard]] base::Result<std::unique_ptr<Engine>> make_yara_engine(const YaraSettings& settings);

} // namespace watchpost::inspect
