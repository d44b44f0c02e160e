#include "pipeline/inspector_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "pipeline/inspector_lane.h"

namespace watchpost::pipeline {

namespace {

using base::Result;

struct Job {
    MessageInput message;
    InspectorPool::OnReport on_report;
};

/// Messages that wait for an inspector; bounded. Thread-safe.
class Queue {
public:
    explicit Queue(std::size_t jobs_max) : jobs_max_{jobs_max} {}

    /// Waits for room. A job that comes after close() is dropped: its future reports that.
    void push(Job job)
    {
        std::unique_lock lock{mutex_};
        has_changed_.wait(lock, [this] { return is_closed_ || jobs_.size() < jobs_max_; });
        if (!is_closed_) {
            jobs_.push_back(std::move(job));
            has_changed_.notify_all();
            return;
        }
        answer_stopped(job);
    }

    /// Nullopt once the queue is closed.
    [[nodiscard]] std::optional<Job> pop()
    {
        std::unique_lock lock{mutex_};
        has_changed_.wait(lock, [this] { return is_closed_ || !jobs_.empty(); });
        if (is_closed_) {
            return std::nullopt;
        }
        std::optional<Job> job{std::move(jobs_.front())};
        jobs_.pop_front();
        has_changed_.notify_all();
        return job;
    }

    void close()
    {
        const std::lock_guard lock{mutex_};
        is_closed_ = true;
        for (Job& job : jobs_) {
            answer_stopped(job);
        }
        jobs_.clear();
        has_changed_.notify_all();
    }

private:
    static void answer_stopped(Job& job)
    {
        inspect::Report report;
        report.not_inspected.push_back(
            {"", "", "inspector_unavailable", "the inspectors are being stopped"});
        job.on_report(std::move(report));
    }

    std::size_t jobs_max_;
    std::mutex mutex_;
    std::condition_variable has_changed_;
    std::deque<Job> jobs_;
    bool is_closed_ = false;
};

} // namespace

struct InspectorPool::State {
    explicit State(PoolSettings wanted) : settings{std::move(wanted)}, queue{settings.waiting_max}
    {
        for (std::size_t i = 0; i < settings.inspectors; ++i) {
            lanes.push_back(std::make_unique<InspectorLane>(settings.inspector));
        }
    }

    void work(InspectorLane& lane)
    {
        while (auto job = queue.pop()) {
            job->on_report(lane.inspect(std::move(job->message)));
        }
    }

    PoolSettings settings;
    Queue queue;
    std::vector<std::unique_ptr<InspectorLane>> lanes;
    protocol::Ready ready;             // of the first inspector
    std::vector<std::jthread> threads; // last: they use all of the above
};

InspectorPool::InspectorPool(std::unique_ptr<State> state) : state_{std::move(state)} {}

InspectorPool::~InspectorPool()
{
    state_->queue.close();
    for (const auto& lane : state_->lanes) {
        lane->cancel();
    }
    state_->threads.clear(); // joins
}

Result<std::unique_ptr<InspectorPool>> InspectorPool::make(PoolSettings settings)
{
    WP_ASSERT(settings.inspectors > 0 && settings.waiting_max > 0);
    std::unique_ptr<InspectorPool> pool{
        new InspectorPool{std::make_unique<State>(std::move(settings))}};
    State& state = *pool->state_;
    std::promise<Result<protocol::Ready>> started;
    auto outcome = started.get_future();
    // An inspector ends with the thread that started it, so each lane starts its own.
    state.threads.emplace_back([&state, started = std::move(started)]() mutable {
        started.set_value(state.lanes.front()->start());
        state.work(*state.lanes.front());
    });
    auto ready = outcome.get();
    if (!ready) {
        return base::fail(std::move(ready.error()));
    }
    state.ready = std::move(*ready);
    for (std::size_t i = 1; i < state.lanes.size(); ++i) {
        state.threads.emplace_back([&state, i] { state.work(*state.lanes[i]); });
    }
    return pool;
}

std::future<inspect::Report> InspectorPool::submit(MessageInput message)
{
    // Shared: std::function wants to be copied.
    const auto promise = std::make_shared<std::promise<inspect::Report>>();
    auto report = promise->get_future();
    submit(std::move(message),
           [promise](inspect::Report done) { promise->set_value(std::move(done)); });
    return report;
}

void InspectorPool::submit(MessageInput message, OnReport on_report)
{
    state_->queue.push(Job{std::move(message), std::move(on_report)});
}

const std::vector<os::Measure>& InspectorPool::measures() const noexcept
{
    return state_->ready.measures;
}

std::uint32_t InspectorPool::rule_count() const noexcept
{
    return state_->ready.rule_count;
}

} // namespace watchpost::pipeline
