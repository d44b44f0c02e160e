#include "collector/login_limiter.h"

#include <gtest/gtest.h>

#include "collector/login_memory.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using std::chrono::minutes;

const base::Instant start = base::parse_rfc3339("2026-11-24T06:00:00Z").value();

TEST(LoginLimiter, AllowsTwoRefusalsInThirtyMinutes)
{
    LoginLimiter limiter;
    EXPECT_EQ(limiter.refusals_left(start), 2U);
    limiter.note_refusals(1, start);
    EXPECT_EQ(limiter.refusals_left(start), 1U);
    limiter.note_refusals(1, start + minutes{10});
    EXPECT_EQ(limiter.refusals_left(start + minutes{29}), 0U);
    EXPECT_EQ(limiter.next_try(start + minutes{29}), start + minutes{30});
    EXPECT_EQ(limiter.refusals_left(start + minutes{30}), 1U);
    EXPECT_EQ(limiter.refusals_left(start + minutes{40}), 2U);
}

TEST(LoginLimiter, TwoRefusalsOfOneLoginCountTwice)
{
    LoginLimiter limiter;
    limiter.note_refusals(2, start);
    EXPECT_EQ(limiter.refusals_left(start), 0U);
}

TEST(LoginLimiter, AClockThatWasSetBackPausesNoLongerThanTheWindow)
{
    LoginLimiter limiter;
    limiter.note_refusals(2, start + std::chrono::hours{24 * 365});
    EXPECT_EQ(limiter.next_try(start), start + LoginLimiter::window);
}

TEST(LoginLimiter, SurvivesBeingWrittenDown)
{
    LoginLimiter limiter;
    limiter.note_refusals(2, start);
    const auto read = LoginLimiter::parse(limiter.to_text());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->refusals_left(start), 0U);
    EXPECT_TRUE(LoginLimiter::parse("")->is_new());
    EXPECT_FALSE(LoginLimiter::parse("yesterday"));
    EXPECT_FALSE(LoginLimiter::parse(limiter.to_text() + " " + limiter.to_text()));
}

TEST(LoginMemory, RemembersTheVeryCredentialsAndNoOthers)
{
    test::FakeStore store;
    const auto right = pop3::Credentials::make("alice", "one").value();
    LoginLimiter limiter;
    limiter.note_refusals(2, start);
    ASSERT_TRUE((LoginMemory{store, "box", "mail.example", right}.save(limiter)));
    EXPECT_FALSE((LoginMemory{store, "box", "mail.example", right}.load().is_new()));
    EXPECT_TRUE((LoginMemory{store, "other", "mail.example", right}.load().is_new()));
}

TEST(LoginLimiter, AClockThatWasSetBackPausesForTheWindowAndNoLonger)
{
    test::PollBench bench{test::script_of(1)};
    bench.password = "wrong";
    const auto right_time = bench.now;
    bench.now += std::chrono::days{365};
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(bench.poll().error);
    }
    bench.now = right_time; // the clock is mended
    const auto tried = bench.script.count_of("PASS");
    EXPECT_TRUE(bench.poll().error);
    EXPECT_EQ(bench.script.count_of("PASS"), tried);
    bench.now += std::chrono::minutes{31};
    EXPECT_TRUE(bench.poll().error);
    EXPECT_GT(bench.script.count_of("PASS"), tried);
}

TEST(LoginMemory, OtherCredentialsOrAnotherServerStartAnew)
{
    unsigned remembered = 0;
    for (int i = 0; i < 64; ++i) { // 16 bits of a mark agree by chance once in 65,536
        test::FakeStore store;
        LoginLimiter limiter;
        limiter.note_refusals(2, start);
        const auto old = pop3::Credentials::make("alice", "old" + std::to_string(i)).value();
        const auto mended = pop3::Credentials::make("alice", "new" + std::to_string(i)).value();
        ASSERT_TRUE((LoginMemory{store, "box", "mail.example", old}.save(limiter)));
        remembered += LoginMemory{store, "box", "mail.example", mended}.load().is_new() ? 0 : 1;
        remembered += LoginMemory{store, "box", "new.example", old}.load().is_new() ? 0 : 1;
    }
    EXPECT_LE(remembered, 2U);
}

TEST(LoginMemory, WhatIsStoredHoldsNoPasswordAndADamagedValueIsNone)
{
    test::FakeStore store;
    const auto credentials = pop3::Credentials::make("alice", "a-long-password").value();
    LoginMemory memory{store, "box", "mail.example", credentials};
    LoginLimiter limiter;
    limiter.note_refusals(1, start);
    ASSERT_TRUE(memory.save(limiter));
    auto& value = store.values.begin()->second;
    EXPECT_EQ(value.find("a-long-password"), std::string::npos);
    EXPECT_LT(value.size(), 60U);
    value += " damaged";
    EXPECT_TRUE(memory.load().is_new());
}

TEST(LoginMemory, ALoginThatWorkedForgets)
{
    test::FakeStore store;
    const auto credentials = pop3::Credentials::make("alice", "x").value();
    LoginMemory memory{store, "box", "mail.example", credentials};
    LoginLimiter limiter;
    limiter.note_refusals(1, start);
    ASSERT_TRUE(memory.save(limiter));
    limiter.start_anew();
    ASSERT_TRUE(memory.save(limiter));
    EXPECT_TRUE(store.values.empty());
}

} // namespace
} // namespace watchpost::collector
