#include "pipeline/service.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/tests/service_fixture.h"

namespace watchpost::pipeline {
namespace {

TEST_F(ServiceTest, WhatIsInTheSpoolIsInspectedAndRecordedOnce)
{
    const auto first = deliver("one");
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    const auto second = deliver("two");
    service->work();
    ASSERT_TRUE(control.wait_for_records(2));
    const auto record = control.record_of(second);
    EXPECT_EQ(record.subject, "two");
    EXPECT_EQ(record.mailbox, mailbox);
    EXPECT_EQ(record.octets, 3U);
    EXPECT_EQ(record.report_json.find("\"file\""), std::string::npos);
    service->stop(std::chrono::steady_clock::now() + std::chrono::minutes{1});
    EXPECT_EQ(control.calls_of(first), 1U);
    EXPECT_EQ(service->status().backlog, 0U);
}

TEST_F(ServiceTest, TheContentOfADetectedMessageIsKeptAndOfACleanOneIsNot)
{
    const auto clean = deliver("clean");
    const auto bad = deliver("bad");
    start();
    ASSERT_TRUE(control.wait_for_records(2));
    EXPECT_TRUE(control.record_of(bad).is_detected);
    EXPECT_TRUE(control.record_of(bad).content_kept);
    EXPECT_EQ(kept_text(bad), "bad");
    EXPECT_FALSE(control.record_of(clean).content_kept);
    EXPECT_FALSE(std::filesystem::exists(kept(clean)));
}

TEST_F(ServiceTest, NothingIsLostWhileControlIsAway)
{
    control.set_away(true);
    std::vector<spool::SpoolId> ids;
    ids.reserve(30);
    for (int i = 0; i < 30; ++i) {
        ids.push_back(deliver("message " + std::to_string(i)));
    }
    start();
    control.set_away(false);
    ASSERT_TRUE(control.wait_for_records(30));
    control.set_away(true);
    const auto late = deliver("late");
    service->work();
    control.set_away(false);
    service->work();
    ASSERT_TRUE(control.wait_for_records(31));
    EXPECT_EQ(control.record_of(late).subject, "late");
}

TEST_F(ServiceTest, AMessageThatCrashesItsInspectorIsRecordedInPart)
{
    const auto id = deliver("abort");
    const auto next = deliver("next");
    start();
    ASSERT_TRUE(control.wait_for_records(2));
    EXPECT_TRUE(control.record_of(id).is_partial);
    EXPECT_NE(control.record_of(id).report_json.find("inspector_crashed"), std::string::npos);
    EXPECT_FALSE(control.record_of(next).is_partial);
}

TEST_F(ServiceTest, ATooLargeMessageIsRecordedAsNotInspected)
{
    std::vector<spool::Arrival> batch;
    batch.push_back(arrival("x"));
    batch.back().content = nullptr;
    batch.back().receipt.announced_octets = 5'000'000'000;
    batch.back().receipt.completeness = spool::Completeness::too_large;
    const auto id = spool->commit(std::move(batch)).value().front();
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    const auto record = control.record_of(id);
    EXPECT_TRUE(record.is_partial);
    EXPECT_NE(record.report_json.find("too_large"), std::string::npos);
    EXPECT_FALSE(record.content_kept);
    EXPECT_TRUE(service->status().warnings.empty());
}

TEST_F(ServiceTest, LargeMessagesAreInspectedAndKeptToo)
{
    const std::string large = "bad" + std::string(std::size_t{1} << 20U, 'x');
    const auto id = deliver(large);
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    EXPECT_TRUE(control.record_of(id).is_detected);
    EXPECT_EQ(kept_text(id), large);
}

TEST_F(ServiceTest, WhatWasFetchedAgainIsRecordedAsACopyOfItsMessage)
{
    const auto first = deliver("bad");
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    auto again = arrival("bad");
    again.receipt.fetch_again = 1;
    again.receipt.copy_of = first;
    std::vector<spool::Arrival> batch;
    batch.push_back(std::move(again));
    const auto copy = spool->commit(std::move(batch)).value().front();
    service->work();
    ASSERT_TRUE(control.wait_for_tries(2));
    EXPECT_EQ(control.record_of(first).refetched_as, copy);
    EXPECT_EQ(control.calls_of(first), 2U);
    EXPECT_TRUE(std::filesystem::exists(kept(first)));
    EXPECT_FALSE(std::filesystem::exists(kept(copy)));
    service->stop(std::chrono::steady_clock::now() + std::chrono::minutes{1});
    EXPECT_EQ(service->status().backlog, 0U);
}

TEST_F(ServiceTest, WhatAnEngineMissedIsInspectedAgainWhenItIsBack)
{
    settings.reinspect_every = std::chrono::hours{1};
    const auto id = deliver("down");
    start();
    service->set_engines_up(false);
    ASSERT_TRUE(control.wait_for_records(1));
    EXPECT_TRUE(control.record_of(id).awaits_reinspection);
    EXPECT_EQ(kept_text(id), "down");
    std::ofstream{kept(id)} << "bad"; // the engine is back: it has another answer
    service->set_engines_up(true);
    ASSERT_TRUE(
        control.wait_for([&](const auto& self) { return self.records_.at(id).is_detected; }));
    EXPECT_FALSE(control.record_of(id).awaits_reinspection);
    EXPECT_TRUE(control.record_of(id).content_kept);
}

TEST_F(ServiceTest, AMessageIsReadAsItsMailboxIsSetWhenItsTurnComes)
{
    const auto first = deliver("how do copies arrive");
    service = std::make_unique<Service>(settings, control, log);
    service->set_copies({{mailbox.to_string(), model::CopySetting::journal}});
    service->set_rules({{}, 1});
    ASSERT_TRUE(control.wait_for_records(1));
    service->set_copies({{"01ARZ3NDEKTSV4RRFFQ69G5FAV", model::CopySetting::plain}});
    const auto second = deliver("how do copies arrive");
    service->work();
    ASSERT_TRUE(control.wait_for_records(2));
    EXPECT_THAT(control.record_of(first).report_json, testing::HasSubstr(R"("detail":"journal")"));
    EXPECT_THAT(control.record_of(second).report_json, testing::HasSubstr(R"("detail":"auto")"));
}

TEST_F(ServiceTest, WhatIsInspectedAgainIsReadAsItsMailboxIsSetNow)
{
    settings.reinspect_every = std::chrono::hours{1};
    control.mailbox_of_reinspection = mailbox;
    const auto id = deliver("down");
    start();
    service->set_engines_up(false);
    ASSERT_TRUE(control.wait_for_records(1));
    std::ofstream{kept(id)} << "how do copies arrive";
    service->set_copies({{mailbox.to_string(), model::CopySetting::attached}});
    service->set_engines_up(true);
    ASSERT_TRUE(control.wait_for(
        [&](const auto& self) { return !self.records_.at(id).awaits_reinspection; }));
    EXPECT_THAT(control.record_of(id).report_json, testing::HasSubstr(R"("detail":"attached")"));
}

TEST_F(ServiceTest, WhatIsRecordedAlreadyIsNotInspectedAgain)
{
    const auto id = deliver("one");
    control.records_[id] = {};
    const auto next = deliver("two");
    start();
    ASSERT_TRUE(control.wait_for_records(2));
    EXPECT_EQ(control.calls_of(id), 0U);
    EXPECT_EQ(control.calls_of(next), 1U);
}

TEST_F(ServiceTest, BrokenRulesLeaveTheInspectorsAsTheyAre)
{
    const auto make = settings.make_pool;
    settings.make_pool = [make](const std::vector<RuleFile>& files) {
        return files.empty() ? make(files) : InspectorPool::make(misbehaving("refuse"));
    };
    start();
    deliver("one");
    service->work();
    ASSERT_TRUE(control.wait_for_records(1));
    service->set_rules({{{"/r/1.yar", "mine", verdict::Importance::high}}, 2});
    deliver("two");
    service->work();
    ASSERT_TRUE(control.wait_for_records(2));
    service->stop(std::chrono::steady_clock::now() + std::chrono::minutes{1});
    ASSERT_EQ(service->status().warnings.size(), 1U);
    EXPECT_NE(service->status().warnings[0].find("line 3"), std::string::npos);
    EXPECT_EQ(service->status().rules_revision, 1U); // the files of that list may still be opened
}

TEST_F(ServiceTest, RulesThatCouldNotBeTakenForAPassingReasonAreTriedAgain)
{
    std::atomic<bool> fails{true};
    const auto make = settings.make_pool;
    settings.make_pool =
        [&fails,
         make](const std::vector<RuleFile>& files) -> base::Result<std::unique_ptr<InspectorPool>> {
        if (!files.empty() && fails.exchange(false)) {
            return base::fail(base::ErrorCode::timed_out, base::Retry::later, "a busy machine");
        }
        return make(files);
    };
    settings.reinspect_every = std::chrono::milliseconds{1};
    service = std::make_unique<Service>(settings, control, log);
    service->set_rules({{{"/r/1.yar", "mine", verdict::Importance::high}}, 7});
    EXPECT_TRUE(says_revision(7));
    EXPECT_FALSE(fails);
}

TEST_F(ServiceTest, TheRevisionOfTheRulesInUseIsSaid)
{
    std::atomic<int> pools{0};
    const auto make_pool = settings.make_pool;
    settings.make_pool = [&](const std::vector<RuleFile>& files) {
        ++pools;
        return make_pool(files);
    };
    service = std::make_unique<Service>(settings, control, log);
    EXPECT_EQ(service->status().rules_revision, 0U);
    const std::vector<RuleFile> files{{"/r/1.yar", "mine", verdict::Importance::high}};
    std::uint64_t records = 0;
    const auto works_with = [&](RuleList rules) {
        const auto revision = rules.revision;
        service->set_rules(std::move(rules));
        deliver("one");
        service->work();
        EXPECT_TRUE(control.wait_for_records(++records));
        return says_revision(revision); // said after the round in which the record was made
    };
    EXPECT_TRUE(works_with({files, 1}));
    EXPECT_TRUE(works_with({files, 2}));
    EXPECT_EQ(pools, 1); // nothing changed
    EXPECT_TRUE(works_with({{}, 3}));
    EXPECT_EQ(pools, 2);
}

} // namespace
} // namespace watchpost::pipeline
