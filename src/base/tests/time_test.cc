#include "base/time.h"

#include <gtest/gtest.h>

namespace watchpost::base {
namespace {

using namespace std::chrono_literals;

TEST(Time, IsWrittenAsRfc3339InUtc)
{
    constexpr Instant leap_day = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 86399s;
    EXPECT_EQ(to_rfc3339(leap_day), "2024-02-29T23:59:59Z");
    EXPECT_EQ(to_rfc3339(leap_day + 42us), "2024-02-29T23:59:59.000042Z");
}

TEST(Time, IsReadBackAsItWasWritten)
{
    for (const auto* text : {"1970-01-01T00:00:00Z", "2026-11-24T06:41:23.123456Z"}) {
        EXPECT_EQ(to_rfc3339(parse_rfc3339(text).value()), text);
    }
}

TEST(Time, AnythingElseIsRefused)
{
    for (const auto* text : {"", "2026-11-24", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
                             "2026-11-24T24:00:00Z", "2026-11-24T06:41:23", "2026-11-24T06:41:23.Z",
                             "2026-11-24T06:41:23.1234567Z", "2026-11-24 06:41:23Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

TEST(MillisecondsUntil, AreRoundedUpAndNeverBelowZero)
{
    const auto now = std::chrono::steady_clock::now();
    EXPECT_EQ(milliseconds_until(Deadline::min()), 0);
    EXPECT_EQ(milliseconds_until(now), 0);
    EXPECT_EQ(milliseconds_until(Deadline::max()), 1'000'000'000);
    const int left = milliseconds_until(now + std::chrono::hours{1});
    EXPECT_GT(left, 0);
    EXPECT_LE(left, 3'600'000);
}

} // namespace
} // namespace watchpost::base
