// A small file that is replaced as a whole: after a crash it is the old one or the new one.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "os/file_system.h"

namespace watchpost::os {

/// Durable on return. Uses NAME.new in the same folder on the way. Where two threads replace the
/// same file they take turns by themselves.
[[nodiscard]] base::Result<void> replace_file(FileSystem& folder, const std::string& name,
                                              base::ByteView content);

/// The whole file; limit_exceeded where it is larger.
[[nodiscard]] base::Result<std::string> read_whole_file(FileSystem& folder, std::string_view name,
                                                        std::size_t bytes_max);

} // namespace watchpost::os
