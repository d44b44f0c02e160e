// Commits batches in threads of its own, so that the network is read while the disk syncs, and
// several syncs run at once: a disk does four in hardly more time than one.
//
// One batch may wait while all committers are busy; then submit() waits, and so does the server.
// Its threads begin with the first batch that needs them: most polls find nothing new.
//
// After a failure nothing further is begun: what was not committed is not ours and is fetched
// again. The session's thread calls everything here; the intake's commit() alone is called from the
// committers.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/error.h"
#include "collector/batch_budget.h"
#include "crypto/sha256.h"
#include "pop3/listing.h"
#include "spool/intake.h"

namespace watchpost::collector {

/// A message of the present link, and what it is called there.
struct Fetched {
    spool::Arrival arrival;
    const pop3::ListedMessage* listed = nullptr; // outlives what is made of it
    BatchBudget::Share share = {};               // of what it takes of memory
};

/// A message that is ours now. There may be as many of them as a maildrop holds: what the listing
/// says of it is not said again.
struct Committed {
    spool::SpoolId id;
    const pop3::ListedMessage* listed = nullptr;
    std::uint64_t octets = 0;
    crypto::Sha256 sha256{};
    spool::SpoolId copy_of;
    std::uint32_t fetch_again = 0;
    spool::Completeness completeness = spool::Completeness::whole;
};

class BatchWriter {
public:
    /// `intake` outlives the writer.
    BatchWriter(spool::Intake& intake, std::size_t committers);
    ~BatchWriter(); // commits what was submitted
    BatchWriter(const BatchWriter&) = delete;
    BatchWriter& operator=(const BatchWriter&) = delete;

    /// Hands a batch over; false where an earlier one failed, and then this one is forgotten.
    bool submit(std::vector<Fetched> batch);

    /// What has been committed since the last call; batches in any order.
    [[nodiscard]] std::deque<Committed> take_committed();

    /// Waits until nothing is under way. The error of the batch that failed, if one did.
    [[nodiscard]] base::Result<void> finish();

private:
    void run();
    [[nodiscard]] base::Result<std::vector<Committed>> commit(std::vector<Fetched> batch);

    spool::Intake& intake_;
    std::mutex lock_; // of all below but the thread
    std::condition_variable changed_;
    std::optional<std::vector<Fetched>> waiting_;
    const std::size_t committers_;
    std::size_t committing_ = 0;
    bool stops_ = false;
    std::deque<Committed> committed_; // grows in pieces
    std::optional<base::Error> error_;
    std::vector<std::thread> threads_; // last: they use the others
};

} // namespace watchpost::collector
