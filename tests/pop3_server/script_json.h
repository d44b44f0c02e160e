// A Pop3Script as JSON; README.md has the words. Throws nothing.
#pragma once

#include <string>
#include <variant>

#include "pop3_server/script.h"

namespace watchpost::test {

/// The script, or what is wrong with it in words that name the field.
[[nodiscard]] std::variant<Pop3Script, std::string> parse_pop3_script(const std::string& json);

/// For tests that write theirs down: ends the process where it is wrong.
[[nodiscard]] Pop3Script pop3_script(const std::string& json);

} // namespace watchpost::test
