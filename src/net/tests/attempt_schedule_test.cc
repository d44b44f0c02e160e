#include "net/attempt_schedule.h"

#include <gtest/gtest.h>

namespace watchpost::net::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds delay{250};
const base::Deadline start{std::chrono::hours{1}};

TEST(AttemptSchedule, FirstBeginsAtOnceAndTheNextAfterTheDelay)
{
    AttemptSchedule schedule{2, delay};
    EXPECT_EQ(schedule.begin(start), 0U);
    EXPECT_EQ(schedule.begin(start + delay - milliseconds{1}), std::nullopt);
    EXPECT_EQ(schedule.next(), start + delay);
    EXPECT_EQ(schedule.begin(start + delay), 1U);
    EXPECT_EQ(schedule.next(), std::nullopt);
    EXPECT_EQ(schedule.begin(start + 10 * delay), std::nullopt);
}

TEST(AttemptSchedule, FailureOfTheNewestCallsForTheNextAtOnce)
{
    AttemptSchedule schedule{2, delay};
    EXPECT_EQ(schedule.begin(start), 0U);
    schedule.note_failure(0);
    EXPECT_EQ(schedule.begin(start), 1U);
}

TEST(AttemptSchedule, FailureOfAnOlderOneChangesNothing)
{
    AttemptSchedule schedule{3, delay};
    EXPECT_EQ(schedule.begin(start), 0U);
    EXPECT_EQ(schedule.begin(start + delay), 1U);
    schedule.note_failure(0);
    EXPECT_EQ(schedule.begin(start + delay), std::nullopt);
    EXPECT_EQ(schedule.begin(start + 2 * delay), 2U);
}

TEST(AttemptSchedule, DelayCountsFromTheAttemptBeforeAlsoWhereItBeganLate)
{
    AttemptSchedule schedule{3, delay};
    EXPECT_EQ(schedule.begin(start), 0U);
    EXPECT_EQ(schedule.begin(start + 5 * delay), 1U);
    EXPECT_EQ(schedule.begin(start + 5 * delay), std::nullopt);
    EXPECT_EQ(schedule.begin(start + 6 * delay), 2U);
}

TEST(AttemptSchedule, WithoutAddressesNothingBegins)
{
    AttemptSchedule schedule{0, delay};
    EXPECT_EQ(schedule.begin(start), std::nullopt);
    EXPECT_EQ(schedule.next(), std::nullopt);
}

} // namespace
} // namespace watchpost::net::test
