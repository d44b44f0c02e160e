#include "os/worker_pool.h"

#include <algorithm>
#include <utility>

namespace watchpost::os {

WorkerPool::WorkerPool(std::size_t threads, std::size_t waiting_max) : waiting_max_{waiting_max}
{
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { run(); });
    }
}

WorkerPool::~WorkerPool()
{
    {
        const std::lock_guard guard{lock_};
        stops_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
}

bool WorkerPool::post(std::function<void()>& work)
{
    {
        const std::lock_guard guard{lock_};
        if (waiting_.size() >= waiting_max_) {
            return false;
        }
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
}

bool WorkerPool::is_inside() const noexcept
{
    return std::ranges::any_of(threads_, [](const std::thread& thread) {
        return thread.get_id() == std::this_thread::get_id();
    });
}

void WorkerPool::run()
{
    std::unique_lock guard{lock_};
    while (true) {
        changed_.wait(guard, [this] { return stops_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        const auto work = std::move(waiting_.front());
        waiting_.pop_front();
        guard.unlock();
        work();
        guard.lock();
    }
}

} // namespace watchpost::os
