// The one thread that writes the store. Whoever wants a change waits here for his turn.
//
// A change is one call of the Store (one transaction). Reads need no turn: reader() is for any
// thread. Thread-safe; the store outlives the writer.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include "os/worker_pool.h"
#include "store/store.h"

namespace watchpost::store {

class Writer {
public:
    /// Its destructor runs what waits, then ends the thread.
    explicit Writer(Store& store);

    /// Runs `change(store)` on the writer's thread and returns what it returns. Changes run in the
    /// order in which they came. Never to be called from inside a change.
    template <typename Change>
    std::invoke_result_t<Change&, Store&> run(Change&& change)
    {
        using Task = std::packaged_task<std::invoke_result_t<Change&, Store&>()>;
        // Shared: its end is still under way on the writer's thread when the result is there.
        const auto task = std::make_shared<Task>([&] { return change(store_); });
        auto result = task->get_future();
        post([task] { (*task)(); });
        return result.get();
    }

    [[nodiscard]] const Store& reader() const noexcept { return store_; }

private:
    void post(std::function<void()> task);

    Store& store_;
    os::WorkerPool thread_; // last: it uses the store
};

} // namespace watchpost::store
