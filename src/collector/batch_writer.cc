#include "collector/batch_writer.h"

#include <utility>

#include "base/assert.h"
#include "os/crash_point.h"

namespace watchpost::collector {

BatchWriter::BatchWriter(spool::Intake& intake, std::size_t committers)
    : intake_{intake}
    , committers_{committers}
{
    WP_ASSERT(committers > 0);
}

BatchWriter::~BatchWriter()
{
    {
        const std::lock_guard held{lock_};
        stops_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
}

bool BatchWriter::submit(std::vector<Fetched> batch)
{
    std::unique_lock held{lock_};
    changed_.wait(held, [this] { return !waiting_ || error_; });
    if (error_) {
        return false;
    }
    waiting_ = std::move(batch);
    if (committing_ == threads_.size() && threads_.size() < committers_) {
        threads_.emplace_back([this] { run(); });
    }
    held.unlock();
    changed_.notify_all();
    return true;
}

std::deque<Committed> BatchWriter::take_committed()
{
    const std::lock_guard held{lock_};
    return std::exchange(committed_, {});
}

base::Result<void> BatchWriter::finish()
{
    std::unique_lock held{lock_};
    changed_.wait(held, [this] { return (error_ || !waiting_) && committing_ == 0; });
    return error_ ? base::fail(*error_) : base::Result<void>{};
}

void BatchWriter::run()
{
    std::unique_lock held{lock_};
    while (true) {
        changed_.wait(held, [this] { return waiting_ || stops_; });
        if (!waiting_) {
            return;
        }
        auto batch = *std::exchange(waiting_, std::nullopt);
        if (error_) {
            continue;
        }
        ++committing_;
        held.unlock();
        changed_.notify_all();
        auto committed = commit(std::move(batch));
        held.lock();
        --committing_;
        if (committed) {
            std::move(committed->begin(), committed->end(), std::back_inserter(committed_));
        } else if (!error_) { // the first tells most
            error_ = std::move(committed).error();
        }
        changed_.notify_all();
    }
}

base::Result<std::vector<Committed>> BatchWriter::commit(std::vector<Fetched> batch)
{
    std::vector<Committed> committed;
    std::vector<spool::Arrival> arrivals;
    committed.reserve(batch.size());
    arrivals.reserve(batch.size());
    for (auto& fetched : batch) {
        const auto& receipt = fetched.arrival.receipt;
        committed.push_back({{},
                             fetched.listed,
                             receipt.octets,
                             receipt.sha256,
                             receipt.copy_of,
                             receipt.fetch_again,
                             receipt.completeness});
        arrivals.push_back(std::move(fetched.arrival));
    }
    os::crash_point(os::CrashPoint::collector_before_commit);
    const auto ids = intake_.commit(std::move(arrivals));
    os::crash_point(os::CrashPoint::collector_after_commit);
    if (!ids) {
        return base::fail(ids.error());
    }
    WP_ASSERT(ids->size() == committed.size());
    for (std::size_t i = 0; i < committed.size(); ++i) {
        committed[i].id = (*ids)[i];
    }
    return committed;
}

} // namespace watchpost::collector
