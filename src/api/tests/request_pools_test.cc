#include "api/request_pools.h"

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "api/permissions.h"

namespace watchpost::api {
namespace {

/// Work that is stuck until the test lets it go.
struct Stuck {
    std::function<void()> work()
    {
        return [go = go] { go.wait(); };
    }
    std::promise<void> may_go;
    std::shared_future<void> go = may_go.get_future().share();
};

void expect_done(RequestPools& pools, Work kind)
{
    std::promise<void> is_done;
    std::function<void()> work = [&] { is_done.set_value(); };
    ASSERT_TRUE(pools.post(kind, work));
    is_done.get_future().wait();
}

TEST(RequestPools, StuckConnectionTestsKeepNobodyElseOut)
{
    Stuck stuck;
    RequestPools pools{{}};
    for (std::size_t i = 0; i < RequestPoolSettings{}.connection_tests_max; ++i) {
        auto work = stuck.work();
        ASSERT_TRUE(pools.post(Work::mail_server, work));
    }
    auto refused = stuck.work();
    EXPECT_FALSE(pools.post(Work::mail_server, refused));
    EXPECT_TRUE(refused); // untouched
    expect_done(pools, Work::quick);
    expect_done(pools, Work::password);
    expect_done(pools, Work::process);
    stuck.may_go.set_value();
}

TEST(RequestPools, AnEndedConnectionTestMakesRoom)
{
    RequestPoolSettings settings;
    settings.connection_tests_max = 1;
    std::atomic<int> done = 0;
    std::function<void()> work = [&] { ++done; };
    RequestPools pools{settings};
    for (int i = 0; i < 3; ++i) {
        while (!pools.post(Work::mail_server, work)) { // the one before is on its way out
            std::this_thread::yield();
        }
    }
    while (!pools.post(Work::mail_server, work)) {
        std::this_thread::yield();
    }
    EXPECT_GE(done, 3); // one thread alone: the last but one is over
}

TEST(RequestPools, EachOperationIsKnownByItsKind)
{
    std::size_t quick = 0;
    for (const Permission& row : permission_table()) {
        quick += work_of(row.operation) == Work::quick ? 1 : 0;
    }
    EXPECT_EQ(quick, permission_table().size() - 4 - 15 - 3);
    EXPECT_EQ(work_of("signIn"), Work::password);
    EXPECT_EQ(work_of("testConnection"), Work::mail_server);
    EXPECT_EQ(work_of("askDeviceCode"), Work::mail_server);
    EXPECT_EQ(work_of("applyMailbox"), Work::process);
    EXPECT_EQ(work_of("listPolls"), Work::process);
    EXPECT_EQ(work_of("listAlerts"), Work::quick);
}

} // namespace
} // namespace watchpost::api
