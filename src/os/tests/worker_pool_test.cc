#include "os/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <vector>

#include <gtest/gtest.h>

namespace watchpost::os {
namespace {

using Work = std::function<void()>;

TEST(WorkerPool, OneThreadWorksInOrderAndEndsWithTheQueue)
{
    std::vector<int> order;
    {
        WorkerPool pool{1, 100};
        for (int i = 0; i < 50; ++i) {
            Work work = [&order, i] { order.push_back(i); };
            EXPECT_TRUE(pool.post(work));
        }
    }
    ASSERT_EQ(order.size(), 50U);
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(WorkerPool, RefusesWhatIsTooMuchAndLeavesItUntouched)
{
    std::promise<void> gate;
    std::promise<void> begun;
    std::atomic<int> done = 0;
    {
        WorkerPool pool{1, 1};
        Work blocking = [&] {
            begun.set_value();
            gate.get_future().wait();
        };
        EXPECT_TRUE(pool.post(blocking));
        begun.get_future().wait();
        Work waiting = [&] { ++done; };
        Work refused = [&] { done += 10; };
        EXPECT_TRUE(pool.post(waiting));
        EXPECT_FALSE(pool.post(refused));
        EXPECT_TRUE(static_cast<bool>(refused));
        gate.set_value();
    }
    EXPECT_EQ(done, 1);
}

TEST(WorkerPool, KnowsItsOwnThreads)
{
    WorkerPool pool{2, 10};
    std::promise<bool> inside;
    Work work = [&] { inside.set_value(pool.is_inside()); };
    EXPECT_TRUE(pool.post(work));
    EXPECT_TRUE(inside.get_future().get());
    EXPECT_FALSE(pool.is_inside());
}

} // namespace
} // namespace watchpost::os
