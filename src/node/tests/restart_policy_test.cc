#include "node/restart_policy.h"

#include <gtest/gtest.h>

namespace watchpost::node {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(RestartPolicy, ThePauseDoublesToAMinute)
{
    RestartPolicy policy;
    const base::Deadline now{};
    for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
        EXPECT_EQ(policy.next_pause(now, now + seconds{5}), seconds{expected});
    }
}

TEST(RestartPolicy, TenQuietMinutesBeginAnew)
{
    RestartPolicy policy;
    const base::Deadline now{};
    EXPECT_EQ(policy.next_pause(now, now), seconds{1});
    EXPECT_EQ(policy.next_pause(now, now + minutes{10} - seconds{1}), seconds{2});
    EXPECT_EQ(policy.next_pause(now, now + minutes{10}), seconds{1});
    EXPECT_EQ(policy.next_pause(now, now), seconds{2});
}

} // namespace
} // namespace watchpost::node
