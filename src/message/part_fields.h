// What the header of a part says of its content: type, transfer encoding, disposition, file name.
//
// Of fields that stand more than once the first counts that is not empty, or the last, as the
// reading departs. RFC 2045 §4-6, RFC 2183. Not thread-safe.
#pragma once

#include "message/defect_log.h"
#include "message/message.h"
#include "message/reader.h"

namespace watchpost::message {

/// Fills `part` from its header. `undeclared` is the type of a part that declares none.
void read_part_fields(Part& part, ContentType undeclared, const ReadState& state,
                      DefectLog& defects);

} // namespace watchpost::message
