// A Report as the bytes that an inspector sends home, and back.
//
// The decoder trusts nothing: counts, lengths, enumerators, UTF-8 and the end of the bytes are
// checked, and memory grows only with bytes that really came. Layout: the lists of Report in its
// order, in the encoding of ipc/wire.h, then the message data model as its JSON. Both ends are the
// same program, so there is one version. Thread-safe.
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "inspect/report.h"

namespace watchpost::inspect {

/// `report` keeps the limits that decode_report will hold against it.
[[nodiscard]] base::Bytes encode_report(const Report& report);

/// ErrorCode::protocol_violation where the bytes are not what encode_report writes or hold more
/// than `limits` allow.
[[nodiscard]] base::Result<Report> decode_report(base::ByteView bytes, const ReportLimits& limits);

/// The longest encoding that decode_report() can take: what a receiver has to allow.
[[nodiscard]] std::size_t report_bytes_max(const ReportLimits& limits);

} // namespace watchpost::inspect
