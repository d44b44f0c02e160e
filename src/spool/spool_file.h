// One file of the spool opened for reading, with its header where that can be read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "os/file_system.h"
#include "spool/format.h"

namespace watchpost::spool {

struct SpoolFile {
    std::unique_ptr<os::File> file;
    std::uint64_t size = 0;
    std::optional<FileHeader> header;
    bool is_unreadable = false; // the disk does not give the header's octets
};

/// A damaged header is no error; one of a later version is (unsupported).
[[nodiscard]] base::Result<SpoolFile> open_spool_file(os::FileSystem& folder,
                                                      const std::string& name);

/// nullopt where it is not there.
[[nodiscard]] base::Result<std::optional<SpoolFile>>
open_spool_file_if_there(os::FileSystem& folder, std::string_view name);

} // namespace watchpost::spool
