// Content-Type, Content-Disposition and Content-Transfer-Encoding of one part. RFC 2045 §5-6,
// RFC 2183. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "message/defect_log.h"
#include "message/limits.h"
#include "message/message.h"
#include "message/parameters.h"

namespace watchpost::message {

struct Disposition {
    std::string type; // "attachment", "inline"
    Parameters parameters;
};

/// type and subtype lower-case; text/plain with the parameters kept where they cannot be read.
[[nodiscard]] ContentType parse_content_type(std::string_view value, const Limits& limits,
                                             DefectLog& defects, Departures departures = {});

[[nodiscard]] Disposition parse_disposition(std::string_view value, const Limits& limits,
                                            DefectLog& defects, Departures departures = {});

[[nodiscard]] TransferEncoding parse_transfer_encoding(std::string_view value, DefectLog& defects,
                                                       Departures departures = {});

} // namespace watchpost::message
