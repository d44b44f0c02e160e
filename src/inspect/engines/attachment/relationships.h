// The relationships of an OOXML package (ECMA-376 part 2 §6.5): what a document loads from where.
//
// Not an XML parser: reads start tags and their attributes wherever they stand, so that broken XML,
// which some readers accept, hides nothing. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

struct Relationship {
    std::string type; // the last component of the type's URI: "attachedTemplate"
    std::string target;
    bool is_external = false;
};

/// Reads one after the other; none is skipped, however many an attacker puts in front.
class RelationshipReader {
public:
    /// UTF-8, or UTF-16 with a byte order mark.
    explicit RelationshipReader(base::ByteView xml);

    /// nullopt at the end.
    [[nodiscard]] std::optional<Relationship> next();

private:
    std::string text_;
    std::size_t at_ = 0;
};

/// Loaded as soon as the document is opened, and from another machine.
[[nodiscard]] bool is_remote_template(const Relationship& relationship);

} // namespace watchpost::inspect::attachment
