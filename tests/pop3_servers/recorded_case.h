// A case of the NO STARTTLS test suite (RON) as a script. https://nostarttls.secvuln.info
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pop3_server/script.h"

namespace watchpost::test {

/// What its server does, by the suite's own words; it has STLS with that certificate where the case
/// lets it. Ends the process where the file has a field that is not known here.
[[nodiscard]] Pop3Script read_recorded_case(const std::filesystem::path& file);

/// All of the suite for POP3, sorted; names are relative, without ".ron". Empty: it is not here.
[[nodiscard]] std::vector<std::string> recorded_cases(const std::filesystem::path& folder);

} // namespace watchpost::test
