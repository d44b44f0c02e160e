#include "base/ulid.h"

#include <gtest/gtest.h>

namespace watchpost::base {
namespace {

TEST(Ulid, TextIsReadBackAsItWasWritten)
{
    const Ulid id = Ulid::make();
    EXPECT_EQ(id.to_string().size(), 26U);
    EXPECT_EQ(Ulid::parse(id.to_string()), id);
}

TEST(Ulid, KnownTimeGivesTheKnownPrefix)
{
    // 1469918176385 ms is the example of the specification.
    const Instant time{std::chrono::milliseconds{1469918176385}};
    EXPECT_EQ(Ulid::make(time).to_string().substr(0, 10), "01ARYZ6S41");
}

TEST(Ulid, LaterIdsSortLaterAsTextAndAsOctets)
{
    const Ulid early = Ulid::make(Instant{std::chrono::milliseconds{1000}});
    const Ulid late = Ulid::make(Instant{std::chrono::milliseconds{1001}});
    EXPECT_LT(early, late);
    EXPECT_LT(early.to_string(), late.to_string());
}

TEST(Ulid, WrongTextIsRefused)
{
    for (const auto* text : {"", "01ARYZ6S41", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
                             "01ARYZ6S41TSV4RRFFQ69G5FAU", "01ARYZ6S41TSV4RRFFQ69G5FAVX"}) {
        EXPECT_FALSE(Ulid::parse(text)) << text;
    }
}

} // namespace
} // namespace watchpost::base
