// Writes the messages of a spool out, byte for byte, one file each.
#pragma once

#include <filesystem>

#include "app/spool/spool_list.h"

namespace watchpost::app {

/// <id>.eml in `folder`, which is made where it is not there. A file that exists is not touched.
/// What does not check out goes to <id>.damaged, so that nobody takes it for the message.
[[nodiscard]] base::Result<SpoolSummary> export_messages(const spool::SpoolReader& reader,
                                                         const std::filesystem::path& folder);

} // namespace watchpost::app
