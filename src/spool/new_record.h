// A record on its way into the log: everything but its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "spool/catalog.h"
#include "spool/format.h"
#include "spool/records.h"

namespace watchpost::spool {

struct NewRecord {
    RecordHeader header;
    base::Bytes meta;
    base::ByteView body; // of somebody who lives until the record is written

    // What the catalog learns once the record is durable.
    std::optional<std::pair<SpoolId, Item>> item; // its place is filled in
    std::string mailbox = {};                     // of the item
    std::optional<StateRecord> state;
};

/// With the checksums.
[[nodiscard]] NewRecord make_record(RecordKind kind, base::Bytes meta, base::ByteView body = {});

} // namespace watchpost::spool
