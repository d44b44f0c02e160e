#include "store/writer.h"

#include "base/assert.h"

namespace watchpost::store {

Writer::Writer(Store& store) : store_{store}, thread_{[this] { work(); }} {}

Writer::~Writer()
{
    {
        const std::lock_guard guard{lock_};
        stops_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Writer::post(std::function<void()> task)
{
    WP_ASSERT(std::this_thread::get_id() != thread_.get_id());
    {
        const std::lock_guard guard{lock_};
        tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
}

void Writer::work()
{
    std::unique_lock guard{lock_};
    while (true) {
        changed_.wait(guard, [this] { return stops_ || !tasks_.empty(); });
        if (tasks_.empty()) {
            return;
        }
        const auto task = std::move(tasks_.front());
        tasks_.pop_front();
        guard.unlock();
        task();
        guard.lock();
    }
}

} // namespace watchpost::store
