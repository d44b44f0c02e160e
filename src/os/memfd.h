// Sealed memory files: how bytes pass between processes that do not trust each other.
//
// Once sealed, nobody can change or resize the file, so a reader may map it without fear of SIGBUS
// or of bytes that change under its eyes. Thread-safe.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "os/unique_fd.h"

namespace watchpost::os {

/// A new memory file with these bytes, sealed. `name` is shown by the kernel only.
[[nodiscard]] base::Result<UniqueFd> make_sealed_memfd(const char* name, base::ByteView bytes);

/// Copies what can be read from `fd` (a file, a pipe) to its end. More than `bytes_max` is
/// ErrorCode::limit_exceeded.
[[nodiscard]] base::Result<UniqueFd> copy_to_sealed_memfd(const char* name, int fd,
                                                          std::uint64_t bytes_max);

/// The size of a memory file that carries all of our seals; ErrorCode::protocol_violation for any
/// other descriptor. To be asked before a descriptor from a process that is not trusted is used.
[[nodiscard]] base::Result<std::uint64_t> sealed_size(int fd);

/// A memory file of a fixed size, all zero, that its holder can write but not resize: what a
/// process leaves behind there stays bounded. A write past the end is refused whole.
[[nodiscard]] base::Result<UniqueFd> make_fixed_memfd(const char* name, std::size_t bytes);

} // namespace watchpost::os
