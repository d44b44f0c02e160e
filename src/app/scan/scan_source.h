// Where the messages of a scan come from: files, folders, standard input, a spool.
//
// Files are opened one after the other, as `take` asks for them. Not thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "pipeline/message_input.h"
#include "verdict/finding.h"

namespace watchpost::app {

/// One message, or why it cannot be had.
struct ScanItem {
    std::string name;
    base::Result<pipeline::MessageInput> input;
    std::vector<verdict::NotInspected> gaps; // known before anybody looked
};

/// False: no more is wanted.
using TakeItem = std::function<bool(ScanItem)>;

/// Folders are walked in the order of their names, hidden files too: Maildir folders are hidden.
/// Symbolic links are followed where they are named in `paths`, not inside folders; what is no
/// regular file there is left out.
void for_each_message(const std::vector<std::string>& paths, const TakeItem& take);

/// Everything that a spool remembers, oldest first; the name is the spool id. Damaged items are
/// errors, settled ones whose content is gone are left out.
[[nodiscard]] base::Result<void> for_each_spooled(const std::filesystem::path& folder,
                                                  const TakeItem& take);

} // namespace watchpost::app
