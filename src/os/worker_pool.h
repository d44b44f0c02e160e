// Threads with a bounded queue before them; one thread alone does its work in order. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace watchpost::os {

class WorkerPool {
public:
    WorkerPool(std::size_t threads, std::size_t waiting_max);
    ~WorkerPool(); // does what waits, then ends
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False where too much waits: `work` is then untouched.
    [[nodiscard]] bool post(std::function<void()>& work);

    /// Is the caller one of its threads?
    [[nodiscard]] bool is_inside() const noexcept;

private:
    void run();

    std::size_t waiting_max_;
    std::mutex lock_; // of the two below
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool stops_ = false;
    std::vector<std::thread> threads_; // last: they use the others
};

} // namespace watchpost::os
