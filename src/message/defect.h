// What the reader had to forgive. A defect is evidence: an attacker's message often shows itself by
// one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watchpost::message {

/// Ids are stable words for JSON, rules and docs; defect_table.cc has the RFC section and a
/// sentence each.
struct Defect {
    std::string_view id;      // "missing_final_boundary"; static storage
    std::string part;         // path of the part, empty for the whole message
    std::uint64_t offset = 0; // where in the part's buffer it was seen
    std::string detail;       // quoted (diag), may be empty
};

} // namespace watchpost::message
