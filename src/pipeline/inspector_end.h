// Why an inspector came to its end while it had a message, as the reason of a gap
// (verdict/gap_table) and a sentence for people. Pure.
#pragma once

#include <string>
#include <string_view>

#include "os/process.h"

namespace watchpost::pipeline {

struct InspectorEnd {
    std::string reason; // "inspector_crashed", "inspector_timed_out", "inspector_out_of_memory" …
    std::string detail; // quoted
};

/// It ended by itself. `last_words` is what it wrote to standard error.
[[nodiscard]] InspectorEnd end_of_process(const os::ExitStatus& status,
                                          std::string_view last_words);

/// We ended it.
[[nodiscard]] InspectorEnd end_by_protocol(std::string_view what);
[[nodiscard]] InspectorEnd end_by_time();
[[nodiscard]] InspectorEnd end_by_memory();

/// It could not be started, or the pool stops.
[[nodiscard]] InspectorEnd end_unavailable(std::string_view why);

} // namespace watchpost::pipeline
