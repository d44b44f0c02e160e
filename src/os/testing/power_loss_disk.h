// A disk in memory that knows what was synced: the double of os::FileSystem for the tests.
//
// It keeps what the kernel shows and what the platter holds apart. power_loss() throws away what
// was not synced - octets of files and names in folders separately - or keeps any torn part of it.
// Faults are injected by the number of the operation. A failed sync_data() forgets the writes it
// was to make durable, as the kernel does: a second one succeeds and proves nothing. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "os/file_system.h"

namespace watchpost::os_testing {

enum class Fault : std::uint8_t {
    power_off,   // this operation and all later ones fail; a write may still have reached the cache
    disk_full,   // a write is cut short with ENOSPC
    write_error, // ... with EIO
    sync_error,  // what this sync was to make durable is lost, though it can still be read
    sync_error_kept // ... got out all the same
};

/// What is left of the unsynced writes of each file.
enum class Torn : std::uint8_t {
    all_lost,    // nothing
    all_kept,    // everything got out in time
    prefix,      // the first `octets`, in the order of the writes
    zero_filled, // the sizes, but zeros instead of the octets
    first_lost,  // all but the first write
    holes        // every second sector of 16 octets, counted from `octets`
};

struct PowerLoss {
    Torn files = Torn::all_lost;
    std::uint64_t octets = 0;
    bool names_kept = false; // unsynced creations, renames and removals got out in time
};

class PowerLossDisk {
public:
    PowerLossDisk();
    ~PowerLossDisk();
    PowerLossDisk(const PowerLossDisk&) = delete;
    PowerLossDisk& operator=(const PowerLossDisk&) = delete;

    /// The disk as a folder. Any number of them, one after the other; they may outlive nothing.
    [[nodiscard]] std::unique_ptr<os::FileSystem> mount();

    /// The operation with that number (from 0: writes, syncs, creations, renames …) fails so.
    void inject(std::uint64_t operation, Fault fault);
    void set_free_bytes(std::uint64_t octets);
    /// A bad sector: reads that touch this octet fail.
    void set_unreadable(const std::string& name, std::uint64_t offset);

    /// How many operations that change something there were.
    [[nodiscard]] std::uint64_t operations() const;

    /// The process died, the machine did not: locks are gone, the cache is as it was.
    void process_death();

    /// Operations work again after a power_off that was only meant to stop the process there: the
    /// cache is as it was.
    void power_on();

    /// The machine died: only the platter counts, and what `loss` leaves of the rest. Power is
    /// back.
    void power_loss(const PowerLoss& loss);

    /// For tests that damage or look at what is there (what the kernel shows).
    [[nodiscard]] base::Bytes content(const std::string& name) const;
    void set_content(const std::string& name, base::Bytes content); // durable at once
    [[nodiscard]] std::vector<std::string> names() const;           // of files, sorted

    struct State; // of the implementation
private:
    std::shared_ptr<State> state_;
};

} // namespace watchpost::os_testing
