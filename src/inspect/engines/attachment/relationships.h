// The relationships of an OOXML package (ECMA-376 part 2 §6.5): what a document loads from where.
//
// Not an XML parser: reads start tags and their attributes wherever they stand, so that broken XML,
// which some readers accept, hides nothing. Pure, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

struct Relationship {
    std::string type; // the last component of the type's URI: "attachedTemplate"
    std::string target;
    bool is_external = false;
};

inline constexpr std::size_t relationships_max = 10'000; // of one file; later ones are not read

/// UTF-8, or UTF-16 with a byte order mark.
[[nodiscard]] std::vector<Relationship> read_relationships(base::ByteView xml);

/// Loaded as soon as the document is opened, and from another machine.
[[nodiscard]] bool is_remote_template(const Relationship& relationship);

} // namespace watchpost::inspect::attachment
