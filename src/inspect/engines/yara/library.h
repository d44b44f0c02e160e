// Handles of libyara that free themselves. Private to this target.
#pragma once

#include <memory>

#include <yara.h>

#include "base/error.h"

namespace watchpost::inspect::yara {

struct DestroyCompiler {
    void operator()(YR_COMPILER* compiler) const noexcept { yr_compiler_destroy(compiler); }
};
struct DestroyRules {
    void operator()(YR_RULES* rules) const noexcept { yr_rules_destroy(rules); }
};
struct DestroyScanner {
    void operator()(YR_SCANNER* scanner) const noexcept { yr_scanner_destroy(scanner); }
};

using Compiler = std::unique_ptr<YR_COMPILER, DestroyCompiler>;
using Rules = std::unique_ptr<YR_RULES, DestroyRules>;
using Scanner = std::unique_ptr<YR_SCANNER, DestroyScanner>;

/// Initialises the library once a process; it lives until the process ends, since a scanner's
/// thread storage goes with it.
[[nodiscard]] base::Result<void> initialize_library();

/// "out of memory", "error 31 of libyara".
[[nodiscard]] std::string describe_error(int code);

} // namespace watchpost::inspect::yara
