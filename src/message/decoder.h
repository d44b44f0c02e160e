// Takes a transfer encoding away and notes what was wrong with it. RFC 2045 §6. Thread-safe.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "message/defect_log.h"
#include "message/message.h"

namespace watchpost::message {

/// For encodings other than identity, which need no copy.
[[nodiscard]] base::Bytes decode_transfer(std::string_view raw, TransferEncoding encoding,
                                          DefectLog& defects, Departures departures = {});

} // namespace watchpost::message
