// YARA rules over the raw message and every leaf, by libyara.
//
// The rules are compiled by make_yara_engine(), before the sandbox closes; a scan opens no file.
// Confined to one thread. The only target that wraps libyara.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "inspect/engine.h"
#include "verdict/finding.h"

namespace watchpost::inspect {

enum class BuiltinRules : std::uint8_t { on, off };

/// A rule file with what somebody decided about it.
struct YaraFile {
    std::filesystem::path path;
    std::string name;                                           // as messages and findings call it
    verdict::Importance importance = verdict::Importance::high; // of a rule that names none
};

struct YaraText {
    std::string name;
    std::string text;
};

struct YaraSettings {
    BuiltinRules builtin = BuiltinRules::on;
    std::vector<std::filesystem::path> rule_files; // each is a name space of its own
    std::size_t rule_file_bytes_max = std::size_t{64} << 20U;
    std::size_t matches_max = 100;    // rules told a leaf; more are one gap "limit_matches"
    std::vector<YaraFile> files = {}; // more rule files, and …
    std::vector<YaraText> texts = {}; // … rules without a file; each a name space
};

/// Refuses rules that do not compile, with the compiler's messages (file, line, text) in the error,
/// and files that include others: a rule file must stand alone.
[[nodiscard]] base::Result<std::unique_ptr<Engine>> make_yara_engine(const YaraSettings& settings);

/// How many rules come with the product.
[[nodiscard]] base::Result<std::uint32_t> builtin_rule_count();

} // namespace watchpost::inspect
