// One open file, as the spool needs it: reads and writes at offsets, and syncs that are believed
// only once.
//
// The real one stands in real_file_system.cc; the double of the tests forgets what was not synced.
// Errors name the call and the path. Thread rule: reads, writes and syncs may run at the same time;
// what overlaps is for the caller to order.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::os {

class File {
public:
    virtual ~File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    /// Fills `into` from `offset` on; fewer octets only where the file ends.
    [[nodiscard]] virtual base::Result<std::size_t> read_at(std::span<std::byte> into,
                                                            std::uint64_t offset) const = 0;

    /// Writes all pieces, one after the other, from `offset` on. On error any part of them may be
    /// there.
    [[nodiscard]] virtual base::Result<void> write_at(std::span<const base::ByteView> pieces,
                                                      std::uint64_t offset) = 0;

    /// Data and size survive a power loss once this has returned without error (the name does not:
    /// FileSystem::sync_folder). After an error nothing is known about any write since the last
    /// good sync, and a second call that succeeds proves nothing: the kernel reports a lost page
    /// once.
    [[nodiscard]] virtual base::Result<void> sync_data() = 0;

    [[nodiscard]] virtual base::Result<void> truncate(std::uint64_t size) = 0;
    [[nodiscard]] virtual base::Result<std::uint64_t> size() const = 0;

    [[nodiscard]] base::Result<void> write_at(base::ByteView bytes, std::uint64_t offset)
    {
        return write_at(std::span{&bytes, 1}, offset);
    }

protected:
    File() = default;
};

} // namespace watchpost::os
