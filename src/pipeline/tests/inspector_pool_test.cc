#include "pipeline/inspector_pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pool_fixture.h"
#include "support/temp_dir.h"

namespace watchpost::pipeline {
namespace {

using base::ErrorCode;

TEST(InspectorPool, AReportComesBack)
{
    const auto pool = make_pool();
    const auto report = order(*pool, "hello");
    EXPECT_EQ(report.message.subject, "hello");
    EXPECT_TRUE(report.not_inspected.empty());
}

TEST(InspectorPool, AnEmptyMessageIsInspected)
{
    const auto pool = make_pool();
    EXPECT_EQ(detail_of(order(*pool, ""), "seen"), "1");
}

TEST(InspectorPool, ReportsKeepTheOrderOfSubmissionWithSeveralInspectors)
{
    auto settings = misbehaving();
    settings.inspectors = 3;
    settings.waiting_max = 2;
    const auto pool = make_pool(std::move(settings));
    std::vector<std::future<inspect::Report>> reports;
    for (int i = 0; i < 100; ++i) {
        const std::string text = "message " + std::to_string(i);
        reports.push_back(pool->submit(MessageInput::from_bytes(base::as_bytes(text)).value()));
    }
    for (std::size_t i = 0; i < reports.size(); ++i) {
        EXPECT_EQ(reports[i].get().message.subject, "message " + std::to_string(i));
    }
}

TEST(InspectorPool, AFileOfOthersIsCopiedAndInspected)
{
    const test::TempDir folder;
    const auto path = folder.write("message", "from a file");
    const auto pool = make_pool();
    auto input =
        MessageInput::from_foreign(os::UniqueFd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)});
    EXPECT_EQ(pool->submit(std::move(input)).get().message.subject, "from a file");
}

TEST(InspectorPool, AnOwnFileIsHandedOver)
{
    const test::TempDir folder;
    const auto path = folder.write("message", "from the spool");
    const auto pool = make_pool();
    auto input =
        MessageInput::from_own_file(os::UniqueFd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)});
    EXPECT_EQ(pool->submit(std::move(input)).get().message.subject, "from the spool");
}

TEST(InspectorPool, AMessageBeyondTheLimitIsSaidAndCostsNoProcess)
{
    auto settings = misbehaving();
    settings.inspector.limits.message_bytes_max = 5;
    const auto pool = make_pool(std::move(settings));
    EXPECT_EQ(gap_of(order(*pool, "123456")).reason, "limit_message_bytes");
    EXPECT_EQ(detail_of(order(*pool, "12345"), "seen"), "1");
}

TEST(InspectorPool, AMessageThatCannotBeReadIsSaid)
{
    const auto pool = make_pool();
    auto input = MessageInput::from_foreign(os::UniqueFd{::open("/", O_RDONLY | O_CLOEXEC)});
    EXPECT_EQ(gap_of(pool->submit(std::move(input)).get()).reason, "message_unreadable");
}

TEST(InspectorPool, AnInspectorIsReplacedAfterItsShare)
{
    auto settings = misbehaving();
    settings.inspector.limits.messages_max = 2;
    const auto pool = make_pool(std::move(settings));
    std::string seen;
    for (int i = 0; i < 5; ++i) {
        seen += detail_of(order(*pool, "hello"), "seen");
    }
    EXPECT_EQ(seen, "12121");
}

TEST(InspectorPool, AnInspectorThatGrewIsReplaced)
{
    auto settings = misbehaving();
    settings.inspector.limits.growth_bytes_max = 0; // any page
    const auto pool = make_pool(std::move(settings));
    bool was_replaced = false;
    int last = 0;
    for (int i = 0; i < 200 && !was_replaced; ++i) {
        const int seen = std::stoi(detail_of(order(*pool, "hello"), "seen"));
        was_replaced = seen <= last;
        last = seen;
    }
    EXPECT_TRUE(was_replaced);
}

TEST(InspectorPool, WhatTheSandboxHasInForceIsKnown)
{
    const auto pool = make_pool();
    const auto named = [&](std::string_view name) {
        return std::ranges::find(pool->measures(), name, &os::Measure::name);
    };
    ASSERT_NE(named("seccomp"), pool->measures().end());
    EXPECT_NE(named("seccomp")->state, os::Measure::State::absent);
    EXPECT_NE(named("Landlock"), pool->measures().end());
}

TEST(InspectorPool, AWrongConfigurationIsAnErrorOfMakeWithItsSteps)
{
    const auto pool = InspectorPool::make(misbehaving("refuse"));
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().describe(), "start an inspector: compile rules: invalid_argument: "
                                       "rules.yar line 3: unexpected \"}\"");
}

TEST(InspectorPool, AnInspectorThatCrashesWhileItStartsIsAnErrorOfMake)
{
    const auto pool = InspectorPool::make(misbehaving("crash"));
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code(), ErrorCode::engine_failed);
    EXPECT_NE(pool.error().message().find("signal 6"), std::string::npos);
}

TEST(InspectorPool, AnInspectorThatNeverGetsReadyIsAnErrorOfMake)
{
    auto settings = misbehaving("hang");
    settings.inspector.limits.start_time_max = std::chrono::milliseconds{50};
    EXPECT_FALSE(InspectorPool::make(std::move(settings)));
}

TEST(InspectorPool, AProgramThatIsNotThereIsAnErrorOfMake)
{
    auto settings = misbehaving();
    settings.inspector.program = "/nonexistent/program";
    const auto pool = InspectorPool::make(std::move(settings));
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code(), ErrorCode::not_found);
}

TEST(InspectorPool, AProgramThatIsNoInspectorIsAnErrorOfMake)
{
    auto settings = misbehaving();
    settings.inspector.program = "/bin/true";
    const auto pool = InspectorPool::make(std::move(settings));
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code(), ErrorCode::engine_failed);
}

TEST(InspectorPool, DestroyingItAnswersEveryFuture)
{
    auto pool = make_pool();
    std::vector<std::future<inspect::Report>> reports;
    for (int i = 0; i < 5; ++i) {
        reports.push_back(pool->submit(MessageInput::from_bytes(base::as_bytes("hang")).value()));
    }
    pool.reset();
    for (auto& report : reports) {
        EXPECT_EQ(gap_of(report.get()).reason, "inspector_unavailable");
    }
}

} // namespace
} // namespace watchpost::pipeline
