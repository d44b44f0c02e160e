// What two readings of one message have not in common.
//
// Leaves are compared by what the recipient would get: path, declared type, file name and content.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/sha256.h"
#include "inspect/report.h"
#include "message/departure.h"

namespace watchpost::inspect {

/// A leaf of a message's own tree, in one reading of it.
struct TreeLeaf {
    std::string path;
    std::string type; // declared
    std::string filename;
    std::uint64_t size = 0;
    crypto::Sha256 sha256{};
    std::string charset{}; // declared
};

struct ReadingDifference {
    std::vector<TreeLeaf> adds;
    std::vector<TreeLeaf> lacks;

    [[nodiscard]] bool empty() const noexcept { return adds.empty() && lacks.empty(); }
};

/// A reading that turns CR into LF changes the octets of many leaves and nothing else: there,
/// leaves of equal size are equal.
[[nodiscard]] ReadingDifference compare(const std::vector<TreeLeaf>& strict,
                                        const std::vector<TreeLeaf>& other,
                                        message::Departures departures);

/// The first leaf of `difference` that looks like a file and that the strict reading has under no
/// name and in no form; nullptr where there is none.
[[nodiscard]] const TreeLeaf* find_hidden_file(const ReadingDifference& difference,
                                               const std::vector<TreeLeaf>& strict);

} // namespace watchpost::inspect
