// How much a spool may still take: a limit of its own octets, and a reserve of its disk that it
// leaves alone.
//
// Once there is no room, there is none until a part of it is free again: collecting that stopped
// and went on for each removed file would log in for one message at a time. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "base/error.h"
#include "os/file_system.h"

namespace watchpost::spool {

struct RoomLimits {
    std::uint64_t bytes_max = 0; // of all files of the spool together; 0: no limit but the disk
    std::uint64_t free_bytes_min = 0; // of the disk
};

class Room {
public:
    static constexpr std::uint64_t spare_part =
        10; // a tenth of bytes_max is free when it goes on …
    static constexpr std::uint64_t spare_free_part = 4; // … or a quarter of free_bytes_min more

    /// `folder` outlives this.
    Room(os::FileSystem& folder, const RoomLimits& limits) : folder_{folder}, limits_{limits} {}

    /// Room for so many octets more, which count as taken from now on; else disk_full. What is too
    /// large for the room that there is does not stop what is smaller: what is on its way and fits
    /// is stored, also after the first refusal.
    [[nodiscard]] base::Result<void> take(std::uint64_t octets);

    /// Whether to begin with so many octets: they would have room, and look() says yes. Takes
    /// nothing.
    [[nodiscard]] base::Result<void> expect(std::uint64_t octets);

    /// Whether to collect at all: disk_full from the first refusal on until there is room to spare.
    [[nodiscard]] base::Result<void> look();

    /// A larger message is never taken: it would wait for more room than there may ever be.
    [[nodiscard]] std::uint64_t message_bytes_max() const noexcept;

private:
    struct Measured {
        std::uint64_t used = 0; // at least what the files take
        std::uint64_t free = 0;
    };

    enum class Purpose : std::uint8_t { begin, finish };

    [[nodiscard]] base::Result<void> require(std::uint64_t octets, Purpose purpose); // with lock_
    [[nodiscard]] base::Result<Measured> measure(std::uint64_t octets);
    [[nodiscard]] base::Result<void> count_files();
    [[nodiscard]] bool is_over_spare(const Measured& now) const noexcept;
    [[nodiscard]] bool has_spare(const Measured& now) const noexcept;
    [[nodiscard]] base::Failure refusal(const Measured& now, std::uint64_t octets) const;

    os::FileSystem& folder_;
    const RoomLimits limits_;
    std::mutex lock_;               // of the rest
    std::uint64_t counted_ = 0;     // octets of the files when they were last counted
    std::uint64_t taken_since_ = 0; // what was removed since is not seen before the next count
    std::chrono::steady_clock::time_point count_again_at_{}; // what else is written is small
    bool is_paused_ = false;
};

} // namespace watchpost::spool
