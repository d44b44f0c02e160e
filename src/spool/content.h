// Reads the octets of one message out of a segment or out of its own file, and checks them.
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "os/file_system.h"
#include "spool/byte_sink.h"
#include "spool/records.h"

namespace watchpost::spool {

/// Both hand over pieces of at most Incoming::buffered_bytes_max octets and say `damaged` after the
/// last one where SHA-256 or length are not those of the receipt. What there is, is handed over.
[[nodiscard]] base::Result<void> read_large(os::FileSystem& folder, const SpoolId& id,
                                            const Receipt& receipt, const ByteSink& sink);

/// The receipt of a message's record, checked.
[[nodiscard]] base::Result<Receipt> read_receipt(os::FileSystem& folder, std::uint64_t mark,
                                                 const SpoolId& id, const Placement& place);

/// The receipt comes out of the record itself.
[[nodiscard]] base::Result<void> read_from_segment(os::FileSystem& folder, std::uint64_t mark,
                                                   const SpoolId& id, const Placement& place,
                                                   const ByteSink& sink);

} // namespace watchpost::spool
