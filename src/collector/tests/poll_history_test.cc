#include "collector/poll_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/tests/support/fake_intake.h"
#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

PollRecord full_record()
{
    PollRecord record;
    record.number = 7;
    record.began_at = base::parse_rfc3339("2026-11-24T06:00:00.25Z").value();
    record.duration = std::chrono::milliseconds{1'250};
    record.result = PollResult::failed;
    record.steps = {{"connect", std::chrono::milliseconds{3}, false},
                    {"log in", std::chrono::milliseconds{20}, true}};
    record.links = 2;
    record.listed = 30;
    record.known = 20;
    record.collected = 9;
    record.octets = 9'000;
    record.refused = 1;
    record.deleted = 4;
    record.left = 1;
    record.set_aside = 1;
    record.address = "192.0.2.1";
    record.error = R"(log in: the server says "no \x1b")";
    record.notes = {"one", "two"};
    return record;
}

TEST(PollRecord, ComesBackAsItWasWritten)
{
    EXPECT_EQ(parse_poll_record(to_json(full_record())), full_record());
    EXPECT_EQ(parse_poll_record(to_json(PollRecord{})), PollRecord{});
}

TEST(PollRecord, WhatIsNotItsShapeIsNone)
{
    const auto text = to_json(full_record());
    for (std::size_t length = 0; length < text.size(); ++length) {
        EXPECT_EQ(parse_poll_record(text.substr(0, length)), std::nullopt) << length;
    }
    EXPECT_EQ(parse_poll_record(R"({"number":"x"})"), std::nullopt);
    EXPECT_EQ(parse_poll_record("[]"), std::nullopt);
}

TEST(PollRecord, HasRoomInTheStoreWhateverTheServerSaid)
{
    PollReport report;
    report.error = base::Error{base::ErrorCode::refused_by_server, base::Retry::later,
                               std::string(100'000, '\xff')};
    for (int i = 0; i < 100; ++i) {
        report.add_note(std::string(10'000, '"'));
        report.steps.enter("a step with a name that is far too long, number " + std::to_string(i));
    }
    const auto text = to_json(make_record(report, {}, {}));
    EXPECT_LT(text.size(), spool::StateStore::value_bytes_max);
    EXPECT_TRUE(parse_poll_record(text).has_value());
}

TEST(PollHistory, KeepsTheLastFiftyNewestFirst)
{
    test::FakeStore store;
    PollHistory history{store, "box"};
    for (unsigned i = 0; i < 120; ++i) {
        EXPECT_TRUE(history.add({}).has_value());
    }
    const auto list = history.load();
    ASSERT_THAT(list.items, SizeIs(PollHistory::polls_max));
    EXPECT_EQ(list.items.front().number, 120U);
    EXPECT_EQ(list.items.back().number, 71U);
    EXPECT_THAT(store.values, SizeIs(PollHistory::polls_max));
}

TEST(PollHistory, ADamagedRecordIsLeftOutAndCounted)
{
    test::FakeStore store;
    PollHistory history{store, "box"};
    for (unsigned i = 0; i < 3; ++i) {
        EXPECT_TRUE(history.add({}).has_value());
    }
    store.values["poll/box/2"] = "1 {\"number\":";
    store.values["poll/box/3"].replace(0, 1, "2"); // of a later version
    EXPECT_EQ(history.load().damaged, 2U);
    EXPECT_THAT(history.load().items, SizeIs(1));
    EXPECT_TRUE(history.add({}).has_value()); // takes the place of one of them
    EXPECT_EQ(history.load().damaged, 1U);
    EXPECT_EQ(parse_polls(encode_polls(history.load())).value(), history.load());
}

TEST(PollHistory, APollLeavesItsStepsAndCounts)
{
    test::ServiceBench bench{test::script_of(2)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    const auto polls = bench.service.polls("box").value();
    ASSERT_THAT(polls.items, SizeIs(1));
    const auto& record = polls.items[0];
    EXPECT_EQ(record.result, PollResult::ok);
    EXPECT_EQ(record.collected, 2U);
    EXPECT_EQ(record.listed, 2U);
    EXPECT_EQ(record.address, "192.0.2.1");
    std::vector<std::string> steps;
    for (const auto& step : record.steps) {
        EXPECT_FALSE(step.has_failed) << step.step;
        steps.push_back(step.step);
    }
    EXPECT_THAT(steps, testing::ElementsAre("connect", "greeting", "capabilities", "log in", "list",
                                            "retrieve", "quit"));
}

TEST(PollHistory, APollThatFailedNamesItsStepAndTheServersWords)
{
    test::ServiceBench bench{test::script_of(1)};
    bench.script.password = "another";
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    const auto record = bench.service.polls("box").value().items.at(0);
    EXPECT_EQ(record.result, PollResult::failed);
    EXPECT_EQ(record.steps.back().step, "log in");
    EXPECT_TRUE(record.steps.back().has_failed);
    EXPECT_THAT(record.error, HasSubstr("log in: "));
    EXPECT_THAT(record.error, HasSubstr("check user name and password"));
}

TEST(PollHistory, GoesWithItsMailbox)
{
    test::ServiceBench bench{test::script_of(1)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    bench.service.set_mailboxes({});
    EXPECT_FALSE(bench.store.get("poll/box/1").has_value());
    EXPECT_EQ(bench.service.polls("box").error().code(), base::ErrorCode::not_found);
}

} // namespace
} // namespace watchpost::collector
