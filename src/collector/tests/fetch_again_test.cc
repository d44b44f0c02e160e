// What is fetched again, and when that is over: whole polls in memory, and the record of a request.
#include "collector/fetch_again.h"

#include <gtest/gtest.h>

#include "collector/tests/support/poll_bench.h"
#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using spool::Completeness;
using test::message;
using test::PollBench;
using test::script_of;
using Which = FetchAgainWish::Which;

void ask(PollBench& bench, const FetchAgainWish& wish)
{
    ASSERT_TRUE(ask_to_fetch_again(bench.store, "box", wish, bench.now).has_value());
}

std::optional<FetchAgainStatus> status_of(PollBench& bench)
{
    return fetch_again_status(bench.store, "box");
}

std::vector<std::string> uids_of(const PollBench& bench, std::size_t from)
{
    std::vector<std::string> uids;
    for (std::size_t i = from; i < bench.intake.stored.size(); ++i) {
        uids.push_back(bench.intake.stored[i].receipt.uid);
    }
    return uids;
}

using Uids = std::vector<std::string>;

TEST(FetchAgain, AllComesOnceMoreAndNamesWhatItIsACopyOf)
{
    PollBench bench{script_of(3)};
    ASSERT_EQ(bench.poll().collected, 3U);
    ask(bench, {Which::all, 0});
    const auto report = bench.poll();
    EXPECT_EQ(report.fetched_again, 3U);
    EXPECT_EQ(report.collected, 0U);
    EXPECT_TRUE(report.is_complete());
    ASSERT_EQ(bench.intake.stored.size(), 6U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(bench.intake.stored[i + 3].receipt.copy_of, bench.intake.stored[i].id);
        EXPECT_EQ(bench.intake.stored[i + 3].content, bench.intake.stored[i].content);
    }
    EXPECT_FALSE(report.fetch_again);
    EXPECT_FALSE(status_of(bench));
}

TEST(FetchAgain, WhenItIsOverNothingComesAgain)
{
    PollBench bench{script_of(3)};
    ASSERT_EQ(bench.poll().collected, 3U);
    ask(bench, {Which::all, 0});
    ASSERT_EQ(bench.poll().fetched_again, 3U);
    const auto after = bench.poll();
    EXPECT_EQ(after.known, 3U);
    EXPECT_EQ(after.fetched, 0U);
}

TEST(FetchAgain, ASecondRequestFetchesThemOnceMoreAsCopiesOfTheFirst)
{
    PollBench bench{script_of(1)};
    ASSERT_EQ(bench.poll().collected, 1U);
    for (int times = 0; times < 2; ++times) {
        ask(bench, {Which::all, 0});
        ASSERT_EQ(bench.poll().fetched_again, 1U);
    }
    EXPECT_EQ(bench.intake.stored.at(2).receipt.copy_of, bench.intake.stored.at(0).id);
    EXPECT_GT(bench.intake.stored.at(2).receipt.fetch_again,
              bench.intake.stored.at(1).receipt.fetch_again);
}

TEST(FetchAgain, TheLastAreThoseWithTheHighestNumbers)
{
    PollBench bench{script_of(5)};
    ASSERT_EQ(bench.poll().collected, 5U);
    ask(bench, {Which::last, 2});
    EXPECT_EQ(bench.poll().fetched_again, 2U);
    EXPECT_EQ(uids_of(bench, 5), (Uids{"u4", "u5"}));
    EXPECT_FALSE(status_of(bench));
}

TEST(FetchAgain, MoreThanThereAreIsAll)
{
    PollBench bench{script_of(2)};
    ASSERT_EQ(bench.poll().collected, 2U);
    ask(bench, {Which::last, FetchAgainWish::last_max});
    EXPECT_EQ(bench.poll().fetched_again, 2U);
}

TEST(FetchAgain, NewMailComesFirstAndOnce)
{
    PollBench bench{script_of(2)};
    ASSERT_EQ(bench.poll().collected, 2U);
    bench.script.messages.push_back(message("u3"));
    ask(bench, {Which::all, 0});
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 1U);
    EXPECT_EQ(report.fetched_again, 2U);
    EXPECT_EQ(uids_of(bench, 2), (Uids{"u3", "u1", "u2"}));
    EXPECT_FALSE(bench.intake.stored.at(2).receipt.is_copy());
}

/// The link breaks in the middle of the second of three.
TEST(FetchAgain, WhatCameBeforeABreakDoesNotComeAgainAfterIt)
{
    PollBench bench{script_of(3)};
    bench.script.capabilities = {"UIDL"}; // one request at a time
    ASSERT_EQ(bench.poll().collected, 3U);
    bench.script.cuts = {{"RETR 2", 20}};
    ask(bench, {Which::last, 3});
    const auto broken = bench.poll();
    EXPECT_TRUE(broken.error);
    ASSERT_TRUE(broken.fetch_again);
    EXPECT_EQ(broken.fetch_again->left, 2U);
    bench.script.cuts.clear();
    EXPECT_EQ(bench.poll().fetched_again, 2U);
    EXPECT_EQ(uids_of(bench, 3), (Uids{"u1", "u3", "u2"})); // what broke the link comes last
    EXPECT_FALSE(status_of(bench));
}

/// While it is under way messages are deleted and new ones come: "the last two" stay the same two.
TEST(FetchAgain, WhichAreMeantIsSettledOnce)
{
    PollBench bench{script_of(4)};
    bench.script.capabilities = {"UIDL"};
    ASSERT_EQ(bench.poll().collected, 4U);
    bench.script.cuts = {{"RETR 3", 5}};
    ask(bench, {Which::last, 2});
    ASSERT_TRUE(bench.poll().error);
    bench.script.cuts.clear();
    bench.script.messages.erase(bench.script.messages.begin()); // somebody deletes u1
    bench.script.messages.push_back(message("u5"));
    const auto report = bench.poll();
    EXPECT_EQ(report.fetched_again, 2U);
    EXPECT_EQ(uids_of(bench, 4), (Uids{"u5", "u4", "u3"}));
}

TEST(FetchAgain, WhatIsGoneIsNotWaitedFor)
{
    PollBench bench{script_of(2)};
    bench.script.capabilities = {"UIDL"};
    ASSERT_EQ(bench.poll().collected, 2U);
    bench.script.cuts = {{"RETR 2", 5}};
    ask(bench, {Which::all, 0});
    ASSERT_EQ(bench.poll().fetch_again->left, 1U);
    bench.script.cuts.clear();
    bench.script.messages.pop_back();
    EXPECT_FALSE(bench.poll().fetch_again);
}

TEST(FetchAgain, WithDeletionAMessageGoesOnlyOnceItHasComeAgain)
{
    PollBench bench{script_of(3)};
    ASSERT_EQ(bench.poll().collected, 3U);
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
    ask(bench, {Which::all, 0});
    const auto report = bench.poll();
    EXPECT_EQ(report.fetched_again, 3U);
    EXPECT_EQ(report.deleted, 3U);
    for (std::size_t i = 3; i < 6; ++i) {
        EXPECT_EQ(bench.intake.states.at(bench.intake.stored[i].id), spool::SourceState::expunged);
    }
}

TEST(FetchAgain, WithDeletionWhatCouldNotComeAgainStays)
{
    PollBench bench{script_of(2)};
    ASSERT_EQ(bench.poll().collected, 2U);
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
    bench.script.replies["RETR 1"] = "-ERR [SYS/TEMP] storage\r\n";
    ask(bench, {Which::all, 0});
    const auto report = bench.poll();
    EXPECT_EQ(report.fetched_again, 1U);
    EXPECT_EQ(report.deleted, 1U);
    EXPECT_EQ(report.fetch_again->left, 1U);
    ASSERT_EQ(bench.script.messages.size(), 1U);
    EXPECT_EQ(bench.script.messages[0].uid, "u1");
}

TEST(FetchAgain, WhatWasThereBeforeTheFirstPollStaysUnread)
{
    PollBench bench{script_of(2)};
    bench.first_poll = FirstPoll::new_only;
    ASSERT_EQ(bench.poll().before_first_poll, 2U);
    bench.script.messages.push_back(message("u3"));
    ASSERT_EQ(bench.poll().collected, 1U);
    ask(bench, {Which::all, 0});
    EXPECT_EQ(bench.poll().fetched_again, 1U);
    EXPECT_EQ(uids_of(bench, 3), (Uids{"u3"}));
    EXPECT_FALSE(status_of(bench));
}

TEST(FetchAgain, WithoutUidlEachComesOnceAndTheEndIsSeen)
{
    PollBench bench{script_of(3)};
    bench.script.replies["UIDL"] = "-ERR unknown\r\n";
    bench.script.capabilities = {"USER"};
    ASSERT_EQ(bench.poll().collected, 3U);
    ask(bench, {Which::all, 0});
    const auto report = bench.poll();
    EXPECT_EQ(report.fetched_again, 3U);
    EXPECT_FALSE(report.fetch_again);
    EXPECT_EQ(bench.poll().duplicates, 3U);
    EXPECT_EQ(bench.intake.stored.size(), 6U);
}

TEST(FetchAgain, WithoutUidlAnotherMessageOfTheSameContentIsStillSeen)
{
    PollBench bench{script_of(1)};
    bench.script.replies["UIDL"] = "-ERR unknown\r\n";
    bench.script.capabilities = {"USER"};
    ASSERT_EQ(bench.poll().collected, 1U);
    ask(bench, {Which::all, 0});
    ASSERT_EQ(bench.poll().fetched_again, 1U);
    bench.script.messages.push_back(bench.script.messages[0]);
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 1U);
    EXPECT_EQ(report.duplicates, 1U);
}

TEST(FetchAgain, AMessageWithANewUidIsACopyOfWhatItWas)
{
    PollBench bench{script_of(2)};
    ASSERT_EQ(bench.poll().collected, 2U);
    bench.script.messages[0].uid = "new-1";
    ask(bench, {Which::all, 0});
    EXPECT_EQ(bench.poll().fetched_again, 2U);
    EXPECT_EQ(bench.intake.stored.at(2).receipt.copy_of, bench.intake.stored.at(0).id);
    EXPECT_EQ(bench.poll().known, 2U);
}

TEST(FetchAgain, ARenamedMessageIsACopyOfTheStoredOne)
{
    PollBench bench{script_of(1)};
    ASSERT_EQ(bench.poll().collected, 1U);
    bench.script.messages[0].uid = "new-1";
    ASSERT_EQ(bench.poll().renamed, 1U);
    ask(bench, {Which::all, 0});
    EXPECT_EQ(bench.poll().fetched_again, 1U);
    EXPECT_EQ(bench.intake.stored.back().receipt.copy_of, bench.intake.stored.front().id);
}

TEST(FetchAgain, WhatCameDamagedAndIsWholeNowIsAMessageOfItsOwn)
{
    PollBench bench{script_of(1)};
    const auto whole = bench.script.messages[0].content;
    bench.script.messages[0].content = "Subject: u1\r\n\r\n";
    bench.script.messages[0].announced = std::to_string(whole.size());
    ASSERT_EQ(bench.poll().cut_short, 1U);
    bench.script.messages[0].content = whole;
    ask(bench, {Which::all, 0});
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 1U);
    EXPECT_FALSE(bench.intake.stored.back().receipt.is_copy());
    EXPECT_EQ(bench.intake.stored.back().receipt.completeness, Completeness::whole);
    EXPECT_FALSE(report.fetch_again);
}

TEST(FetchAgain, AStumpThatComesAgainStaysOne)
{
    PollBench bench{script_of(1)};
    bench.script.messages[0].announced =
        std::to_string(bench.script.messages[0].content.size() + 100);
    ASSERT_EQ(bench.poll().cut_short, 1U);
    ask(bench, {Which::all, 0});
    EXPECT_EQ(bench.poll().fetched_again, 1U);
    EXPECT_EQ(bench.intake.stored.back().receipt.completeness, Completeness::short_of_announced);
    EXPECT_FALSE(status_of(bench));
}

TEST(FetchAgain, TheSetAsideHaveAnotherChance)
{
    PollBench bench{script_of(2)};
    bench.script.replies["RETR 1"] = "-ERR it is broken\r\n";
    for (int polls = 0; polls < 8; ++polls) {
        static_cast<void>(bench.poll());
        bench.now += std::chrono::hours{7};
    }
    ASSERT_EQ(StuckMessages(bench.store, "box").set_aside_count(), 1U);
    bench.script.replies.clear();
    ask(bench, {Which::all, 0});
    EXPECT_EQ(bench.poll().collected, 1U);
}

TEST(FetchAgain, ItEndsWhenSomebodySaysSo)
{
    PollBench bench{script_of(2)};
    ASSERT_EQ(bench.poll().collected, 2U);
    bench.script.replies["RETR 1"] = "-ERR [SYS/TEMP] storage\r\n";
    ask(bench, {Which::last, 2});
    ASSERT_TRUE(bench.poll().fetch_again);
    ask(bench, {Which::none, 0});
    EXPECT_FALSE(status_of(bench));
    EXPECT_FALSE(bench.poll().fetch_again);
    EXPECT_EQ(bench.store.values.count("fetch-again-marks/box/0"), 0U);
}

TEST(FetchAgain, AnotherGenerationOfTheMaildropEndsIt)
{
    test::FakeStore store;
    const auto listed = std::vector<pop3::ListedMessage>{{1, 40, "u1", true}};
    ASSERT_TRUE(ask_to_fetch_again(store, "box", {Which::all, 0}, {}).has_value());
    ASSERT_TRUE(FetchAgain(store, {"box", 1}).take_over(listed).value());
    EXPECT_TRUE(FetchAgain(store, {"box", 1}).is_under_way());
    EXPECT_FALSE(FetchAgain(store, {"box", 2}).is_under_way());
}

TEST(FetchAgain, ThousandsOfMarksAreKept)
{
    test::FakeStore store;
    std::vector<pop3::ListedMessage> listed;
    for (std::uint32_t number = 1; number <= 2'000; ++number) {
        listed.push_back({number, 40, "u" + std::to_string(number), true});
    }
    ASSERT_TRUE(ask_to_fetch_again(store, "box", {Which::last, 1'500}, {}).has_value());
    ASSERT_TRUE(FetchAgain(store, {"box", 1}).take_over(listed).value());
    const FetchAgain again{store, {"box", 1}};
    EXPECT_FALSE(again.request().covers(listed[499]));
    EXPECT_TRUE(again.request().covers(listed[500]));
    for (const auto& [name, value] : store.values) {
        EXPECT_LE(value.size(), spool::StateStore::value_bytes_max) << name;
    }
}

TEST(FetchAgain, NeitherNoneNorTooManyCanBeTheLast)
{
    test::FakeStore store;
    EXPECT_FALSE(ask_to_fetch_again(store, "box", {Which::last, 0}, {}));
    EXPECT_FALSE(ask_to_fetch_again(store, "box", {Which::last, FetchAgainWish::last_max + 1}, {}));
}

TEST(FetchAgainInService, IsShownAtOnceAndPolledAtOnce)
{
    test::ServiceBench bench{script_of(2)};
    bench.service.set_mailboxes({bench.assignment()});
    ASSERT_EQ(bench.poll(), 1U);
    ASSERT_TRUE(bench.service.fetch_again({"box", {Which::last, 1}}).has_value());
    ASSERT_TRUE(bench.status().fetch_again);
    EXPECT_EQ(bench.status().fetch_again->last, 1U);
    EXPECT_FALSE(bench.status().fetch_again->left);
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_FALSE(bench.status().fetch_again);
    EXPECT_EQ(bench.intake.stored.size(), 3U);
}

TEST(FetchAgainInService, WhatIsAskedDuringAPollIsDoneByTheNext)
{
    test::ServiceBench bench{script_of(2)};
    bench.service.set_mailboxes({bench.assignment()});
    ASSERT_EQ(bench.poll(), 1U);
    ASSERT_TRUE(bench.service.poll_now("box").has_value());
    bench.service.tick(); // it has begun
    ASSERT_TRUE(bench.service.fetch_again({"box", {Which::all, 0}}).has_value());
    EXPECT_EQ(bench.run_started(), 1U);
    static_cast<void>(bench.poll());
    EXPECT_EQ(bench.intake.stored.size(), 4U);
    EXPECT_FALSE(bench.status().fetch_again);
}

TEST(FetchAgainInService, OutlivesTheService)
{
    test::ServiceBench bench{script_of(1)};
    ASSERT_TRUE(ask_to_fetch_again(bench.store, "box", {Which::all, 0}, {}).has_value());
    bench.service.set_mailboxes({bench.assignment()});
    EXPECT_TRUE(bench.status().fetch_again);
}

TEST(FetchAgainInService, ADisabledMailboxFetchesNothingAgainButCanEndIt)
{
    test::ServiceBench bench{script_of(1)};
    ASSERT_TRUE(ask_to_fetch_again(bench.store, "box", {Which::all, 0}, {}).has_value());
    auto settings = test::form();
    settings["enabled"] = false;
    auto disabled = bench.assignment();
    disabled.settings_json = settings.dump();
    bench.service.set_mailboxes({disabled});
    EXPECT_FALSE(bench.service.fetch_again({"box", {Which::all, 0}}));
    EXPECT_TRUE(bench.service.fetch_again({"box", {Which::none, 0}}).has_value());
    EXPECT_FALSE(bench.status().fetch_again);
}

TEST(FetchAgainInService, IsRefusedWhereNobodyPolls)
{
    test::ServiceBench bench{script_of(1)};
    bench.service.set_mailboxes({});
    const auto unknown = bench.service.fetch_again({"box", {Which::all, 0}});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code(), base::ErrorCode::not_found);
}

} // namespace
} // namespace watchpost::collector
