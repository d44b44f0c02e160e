// An inspector that fails costs its process only: the message is tried once more, then recorded.
#include <gtest/gtest.h>

#include "pool_fixture.h"

namespace watchpost::pipeline {
namespace {

using std::chrono::milliseconds;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool memory_is_limited = false;
#else
constexpr bool memory_is_limited = true;
#endif
#else
constexpr bool memory_is_limited = true;
#endif

/// The gap that this order leaves; then the pool must still work.
verdict::NotInspected gap_after(std::string_view what, PoolSettings settings = misbehaving())
{
    const auto pool = make_pool(std::move(settings));
    const auto report = order(*pool, what);
    EXPECT_EQ(order(*pool, "hello").message.subject, "hello");
    return gap_of(report);
}

PoolSettings impatient()
{
    auto settings = misbehaving();
    settings.inspector.limits.time_max = milliseconds{1'000};
    settings.inspector.limits.grace = milliseconds{500};
    return settings;
}

TEST(InspectorFailure, ACrashIsRecordedAfterTheSecondTry)
{
    const auto gap = gap_after("crash");
    EXPECT_EQ(gap.reason, "inspector_crashed");
    EXPECT_EQ(gap.part, "");
    EXPECT_NE(gap.detail.find("; then: "), std::string::npos) << gap.detail;
}

TEST(InspectorFailure, ACrashThatDoesNotComeAgainLeavesAWholeReport)
{
    const auto pool = make_pool();
    EXPECT_EQ(detail_of(order(*pool, "hello"), "seen"), "1");
    const auto report = order(*pool, "crash unless fresh");
    EXPECT_TRUE(report.not_inspected.empty());
    EXPECT_EQ(detail_of(report, "seen"), "1");
}

TEST(InspectorFailure, TheLastWordsAreRecordedAndQuoted)
{
    const auto gap = gap_after("abort");
    EXPECT_EQ(gap.reason, "inspector_crashed");
    EXPECT_NE(gap.detail.find("it is \\x1b[31mnot"), std::string::npos) << gap.detail;
}

TEST(InspectorFailure, AHangIsKilled)
{
    EXPECT_EQ(gap_after("hang", impatient()).reason, "inspector_timed_out");
}

TEST(InspectorFailure, AnEndlessLoopEndsByItsProcessorTime)
{
    auto settings = misbehaving();
    settings.inspector.limits.cpu_time_max = std::chrono::seconds{0};
    const auto gap = gap_after("spin", std::move(settings));
    EXPECT_EQ(gap.reason, "inspector_timed_out");
    EXPECT_NE(gap.detail.find("processor time"), std::string::npos) << gap.detail;
}

TEST(InspectorFailure, TooMuchMemoryIsRefusedAndSaid)
{
    if (!memory_is_limited) {
        GTEST_SKIP() << "RLIMIT_DATA is off in a build with a sanitizer";
    }
    EXPECT_EQ(gap_after("allocate").reason, "inspector_out_of_memory");
}

TEST(InspectorFailure, TooMuchMemoryWhereNothingMayBeThrownIsSaid)
{
    if (!memory_is_limited) {
        GTEST_SKIP() << "RLIMIT_DATA is off in a build with a sanitizer";
    }
    EXPECT_EQ(gap_after("allocate noexcept").reason, "inspector_out_of_memory");
}

TEST(InspectorFailure, AnExitInTheMiddleIsACrash)
{
    const auto gap = gap_after("leave");
    EXPECT_EQ(gap.reason, "inspector_crashed");
    EXPECT_NE(gap.detail.find("exit code 0"), std::string::npos) << gap.detail;
}

TEST(InspectorFailure, RunningAProgramEndsTheInspector)
{
    const auto gap = gap_after("run a program");
    EXPECT_EQ(gap.reason, "inspector_crashed");
    EXPECT_NE(gap.detail.find("forbidden"), std::string::npos) << gap.detail;
}

TEST(InspectorFailure, WhatBreaksTheProtocolIsKilledAndCountsAsACrash)
{
    auto settings = misbehaving();
    settings.inspector.make_scanners = nullptr;
    for (const char* what : {"send garbage", "send an unknown kind", "send a broken report",
                             "send a report of another message", "send ready again",
                             "send a socket", "send too many descriptors"}) {
        SCOPED_TRACE(what);
        const auto gap = gap_after(what, settings);
        EXPECT_EQ(gap.reason, "inspector_crashed");
        EXPECT_NE(gap.detail.find("broke the protocol"), std::string::npos) << gap.detail;
    }
}

TEST(InspectorFailure, OthersAreNotTouched)
{
    auto settings = impatient();
    settings.inspectors = 2;
    const auto pool = make_pool(std::move(settings));
    const auto submit = [&](std::string_view what) {
        return pool->submit(MessageInput::from_bytes(base::as_bytes(what)).value());
    };
    auto bad = submit("hang");
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(submit("hello").get().not_inspected.empty());
    }
    EXPECT_EQ(gap_of(bad.get()).reason, "inspector_timed_out");
}

TEST(InspectorFailure, NothingIsReachableFromInside)
{
    const auto pool = make_pool();
    const auto report = order(*pool, "try to get out");
    for (const char* what : {"open /etc/passwd", "create a file", "internet socket", "unix socket",
                             "fork", "signal the parent", "make code", "raise a limit"}) {
        EXPECT_EQ(detail_of(report, what), "Operation not permitted") << what;
    }
}

TEST(InspectorFailure, TheInspectorHoldsNothingOfOurs)
{
    ::setenv("WATCHPOST_TEST_SECRET", "1", 1);
    const auto pool = make_pool();
    const auto report = order(*pool, "try to get out");
    // Standard streams, the channel, the message.
    EXPECT_EQ(detail_of(report, "descriptors"), "0 1 2 3 4 ");
    for (const verdict::Finding& finding : report.findings) {
        EXPECT_FALSE(finding.detail.starts_with("WATCHPOST_TEST_SECRET"));
    }
}

} // namespace
} // namespace watchpost::pipeline
