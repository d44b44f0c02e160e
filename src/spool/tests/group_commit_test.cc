// Several sessions at once: nothing is acknowledged before it is durable, and syncs are shared.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

constexpr int sessions = 4;
constexpr int batches_each = 25;

std::string uid_of(int session, int batch)
{
    return "s" + std::to_string(session) + "-" + std::to_string(batch);
}

class GroupCommit : public SpoolTest {
protected:
    GroupCommit()
    {
        options.segment_bytes_max = 4000; // so that segments change under way
        options.checkpoint_segments = 3;
    }

    /// Each session commits its batches; what was acknowledged goes into `committed`.
    void run_sessions(Spool& spool)
    {
        std::vector<std::thread> threads;
        threads.reserve(sessions);
        for (int session = 0; session < sessions; ++session) {
            threads.emplace_back([&spool, session, this] { run_session(spool, session); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    }

    void run_session(Spool& spool, int session)
    {
        for (int batch = 0; batch < batches_each; ++batch) {
            const std::string uid = uid_of(session, batch);
            const auto ids = deliver(spool, {{uid, uid + std::string(300, '.')}});
            if (!ids) {
                ++refused;
                continue;
            }
            const auto noted = spool.note({{(*ids)[0], SourceState::delete_pending}});
            EXPECT_TRUE(noted || has_faults);
            const std::lock_guard guard{mutex};
            committed.insert(uid);
        }
        const auto stored = spool.put("state/" + std::to_string(session), "done");
        EXPECT_TRUE(stored || has_faults);
    }

    bool has_faults = false;
    std::mutex mutex;
    std::set<std::string> committed;
    std::atomic<int> refused = 0;
};

TEST_F(GroupCommit, EverythingAcknowledgedSurvivesAPowerLoss)
{
    auto spool = open();
    run_sessions(*spool);
    EXPECT_EQ(committed.size(), static_cast<std::size_t>(sessions * batches_each));
    disk.power_loss({});
    spool = open();
    EXPECT_EQ(ledger_of(*spool).size(), committed.size());
    for (int session = 0; session < sessions; ++session) {
        EXPECT_EQ(spool->get("state/" + std::to_string(session)), "done");
    }
    for (const auto& [uid, content] : contents_of(disk)) {
        EXPECT_EQ(content, uid + std::string(300, '.'));
    }
}

/// One session's failed sync is everybody's who waited for it, and nobody else's.
TEST_F(GroupCommit, FailedSyncsRefuseExactlyWhatIsLost)
{
    auto spool = open();
    has_faults = true;
    for (std::uint64_t operation = 20; operation < 250; operation += 23) {
        disk.inject(operation, Fault::sync_error);
    }
    run_sessions(*spool);
    EXPECT_EQ(committed.size() + static_cast<std::size_t>(refused),
              static_cast<std::size_t>(sessions * batches_each));
    disk.power_loss({});
    spool = open();
    std::set<std::string> found;
    for (const auto& [uid, state] : ledger_of(*spool)) {
        EXPECT_TRUE(found.insert(uid).second) << uid;
    }
    EXPECT_EQ(found, committed);
}

TEST_F(GroupCommit, LookingAndCompactingMeanwhileDisturbsNothing)
{
    auto spool = open();
    std::atomic<bool> is_done = false;
    std::thread looker{[&] {
        while (!is_done) {
            const auto entries = ledger_of(*spool);
            EXPECT_LE(entries.size(), static_cast<std::size_t>(sessions * batches_each));
            EXPECT_TRUE(spool->compact());
        }
    }};
    run_sessions(*spool);
    is_done = true;
    looker.join();
    spool.reset();
    EXPECT_EQ(ledger_of(*open()).size(), committed.size());
}

} // namespace
} // namespace watchpost::spool
