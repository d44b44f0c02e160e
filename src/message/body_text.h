// The text of one body part: transfer encoding off, charset to UTF-8. Not thread-safe.
#pragma once

#include <string>

#include "message/defect_log.h"
#include "message/message.h"

namespace watchpost::message {

/// At most `bytes_max` of UTF-8. `was_cut` is set where there was more, and never cleared.
[[nodiscard]] std::string read_body_text(const Part& part, std::size_t bytes_max,
                                         DefectLog& defects, bool& was_cut);

} // namespace watchpost::message
