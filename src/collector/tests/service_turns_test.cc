// Many mailboxes: turns, the start, and no room in the spool.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::form;
using test::no_ramp;
using test::script_of;
using test::ServiceBench;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t many = 1'000; // more than are asked for ahead

PollLimits one_place(std::uint64_t turn_messages_max)
{
    return {.connections_max = 1,
            .log_in_interval = milliseconds{0},
            .turn_messages_max = turn_messages_max};
}

std::vector<Assignment> assignments(const ServiceBench& bench, std::size_t count)
{
    std::vector<Assignment> all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(bench.assignment("box" + std::to_string(i)));
    }
    return all;
}

TEST(ServiceTurns, AMailboxWithMuchGivesItsPlaceUpWhileOthersWait)
{
    ServiceBench bench{script_of(many), one_place(100)};
    bench.service.set_mailboxes(assignments(bench, 2));
    bench.pass(milliseconds{1}); // who comes back does so later
    EXPECT_EQ(bench.poll(), 1U);
    const auto first = bench.status("box0").messages_total;
    EXPECT_GE(first, 100U);
    EXPECT_LT(first, many);
    EXPECT_EQ(bench.status("box0").state, MailboxState::ok);
    EXPECT_EQ(bench.status("box0").next_poll_at, bench.now.wall);
    EXPECT_EQ(bench.poll(), 1U); // the other one's turn
    EXPECT_GT(bench.status("box1").messages_total, 0U);
    EXPECT_EQ(bench.status("box0").messages_total, first);
}

TEST(ServiceTurns, InTurnsAllIsCollectedOnce)
{
    ServiceBench bench{script_of(many), one_place(100)};
    bench.service.set_mailboxes(assignments(bench, 3));
    std::size_t polls = 0;
    for (std::size_t again = 1; again > 0; polls += again) {
        again = bench.poll();
    }
    EXPECT_GT(polls, 6U);
    EXPECT_EQ(bench.intake.stored.size(), 3 * many);
    for (const char* const box : {"box0", "box1", "box2"}) {
        EXPECT_EQ(bench.status(box).messages_total, many);
        EXPECT_EQ(bench.status(box).next_poll_at, bench.now.wall + seconds{60});
    }
}

/// At a start all are untried: those with much must not hold their part of the places for an hour.
TEST(ServiceTurns, ItGivesItsPlaceUpToWhoWaitsForThePartOfTheUntried)
{
    ServiceBench bench{
        script_of(many),
        {.connections_max = 4, .log_in_interval = milliseconds{0}, .turn_messages_max = 100}};
    bench.service.set_mailboxes(assignments(bench, 4));
    EXPECT_EQ(bench.poll(), 3U);
    EXPECT_LT(bench.status("box0").messages_total, many);
    EXPECT_EQ(bench.status("box1").messages_total, many); // nobody waits for its place
    EXPECT_EQ(bench.poll(), 2U);
    EXPECT_GT(bench.status("box3").messages_total, 0U);
}

/// A server that sends an octet a minute must not be the only one that is asked for its place.
TEST(ServiceTurns, WhereTheFirstOneThatIsAskedHoldsOnTheNextOneIsAsked)
{
    ServiceBench bench{
        script_of(many),
        {.connections_max = 4, .log_in_interval = milliseconds{0}, .turn_messages_max = many + 1}};
    bench.service.set_mailboxes(assignments(bench, 4));
    // Three begin, the fourth waits: box0 is asked, and should have ended after a turn.
    EXPECT_EQ(bench.service.tick(), bench.now.steady + seconds{60});
    ASSERT_EQ(bench.started.size(), 3U);
    bench.pass(seconds{60});
    EXPECT_EQ(bench.service.tick(), bench.now.steady + seconds{30}); // box1 is asked, too
    std::swap(bench.started[0], bench.started[2]);                   // box0 hangs
    EXPECT_EQ(bench.run_started(), 3U);
    EXPECT_EQ(bench.status("box2").messages_total, many); // nobody waits for its place
    EXPECT_LT(bench.status("box1").messages_total, many);
    EXPECT_GT(bench.status("box1").messages_total, 0U);
}

TEST(ServiceTurns, WhereNobodyWaitsATurnHasNoEnd)
{
    ServiceBench bench{script_of(many), one_place(1)};
    bench.service.set_mailboxes(assignments(bench, 1));
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.status("box0").messages_total, many);
}

TEST(ServiceTurns, WhoDeletesMuchInSeveralSessionsGivesItsPlaceUpBetweenThem)
{
    ServiceBench bench{script_of(5'000), one_place(1)};
    auto all = assignments(bench, 2);
    auto settings = form();
    settings["after_retrieval"] = "delete";
    for (auto& one : all) {
        one.settings_json = settings.dump();
        one.sealed_password = bench.sealed_for(settings);
    }
    bench.service.set_mailboxes(all);
    bench.poll();
    EXPECT_EQ(bench.script.connections, 1U);
    EXPECT_EQ(bench.status("box0").state, MailboxState::ok);
    EXPECT_LT(bench.status("box0").messages_total, 5'000U);
}

/// Its ledger is loaded anew, and still its message is not fetched at each poll.
TEST(ServiceTurns, WhatIsListedAfterItsDeletionIsFetchedOnceADay)
{
    ServiceBench bench{script_of(1)};
    auto one = bench.assignment();
    auto settings = form();
    settings["after_retrieval"] = "delete";
    one.settings_json = settings.dump();
    one.sealed_password = bench.sealed_for(settings);
    bench.service.set_mailboxes({one});
    const auto fetched = [&bench] {
        bench.script.messages = script_of(1).messages; // there again, whatever QUIT said
        bench.script.commands.clear();
        EXPECT_EQ(bench.poll(), 1U);
        return std::ranges::count(bench.script.commands, "RETR 1");
    };
    EXPECT_EQ(fetched(), 1);
    bench.pass(seconds{60});
    EXPECT_EQ(fetched(), 1); // is it the same?
    bench.pass(seconds{60});
    EXPECT_EQ(fetched(), 0);
    bench.pass(std::chrono::hours{25});
    EXPECT_EQ(fetched(), 1);
}

/// As long as one of two waits, who came back last is last: nobody is passed over twice.
TEST(ServiceTurns, ThePlaceGoesToWhoHasWaitedForLongest)
{
    ServiceBench bench{script_of(many), one_place(1)};
    bench.service.set_mailboxes(assignments(bench, 5));
    std::vector<std::string> order;
    for (int turn = 0; turn < 10; ++turn) {
        bench.pass(milliseconds{1});
        bench.service.tick();
        for (const auto& [mailbox, status] : bench.statuses) {
            if (status.state == MailboxState::polling) {
                order.push_back(mailbox);
            }
        }
        ASSERT_EQ(bench.run_started(), 1U);
    }
    EXPECT_THAT(order, ElementsAre("box0", "box1", "box2", "box3", "box4", "box0", "box1", "box2",
                                   "box3", "box4"));
}

TEST(ServiceTurns, PollNowDoesNotCostWhoWaitsItsPlace)
{
    ServiceBench bench{script_of(many), one_place(1)};
    bench.service.set_mailboxes(assignments(bench, 3));
    bench.service.tick();
    bench.pass(seconds{1});
    EXPECT_TRUE(bench.service.poll_now("box1").has_value());
    bench.run_started();
    bench.service.tick();
    EXPECT_EQ(bench.status("box1").state, MailboxState::polling);
}

TEST(ServiceTurns, AFullServerHoldsUpNobodyElse)
{
    auto limits = no_ramp();
    limits.connections_per_server_max = 2;
    ServiceBench bench{script_of(0), limits};
    auto all = assignments(bench, 5);
    auto elsewhere = form();
    elsewhere["server"] = "mail.example.net";
    all.back().settings_json = elsewhere.dump();
    all.back().sealed_password = bench.sealed_for(elsewhere);
    bench.service.set_mailboxes(all);
    bench.service.tick();
    EXPECT_EQ(bench.started.size(), 3U);
    EXPECT_EQ(bench.status("box4").state, MailboxState::polling);
    EXPECT_EQ(bench.status("box2").state, MailboxState::waiting);
}

TEST(ServiceTurns, OneServerByAnyCaseOfItsNameIsOne)
{
    auto limits = no_ramp();
    limits.connections_per_server_max = 1;
    ServiceBench bench{script_of(0), limits};
    auto all = assignments(bench, 2);
    auto shouted = form();
    shouted["server"] = "MAIL.example.ORG";
    all.back().settings_json = shouted.dump();
    all.back().sealed_password = bench.sealed_for(shouted);
    bench.service.set_mailboxes(all);
    bench.service.tick();
    EXPECT_EQ(bench.started.size(), 1U);
}

TEST(ServiceTurns, TwoHundredMailboxesDoNotStormTheirServer)
{
    ServiceBench bench{script_of(0), {.connections_max = 200, .connections_per_server_max = 200}};
    bench.service.set_mailboxes(assignments(bench, 200));
    std::size_t polls = 0;
    for (int tenth = 0; tenth < 10; ++tenth) {
        const auto begun = bench.poll();
        EXPECT_LE(begun, 1U);
        polls += begun;
        bench.pass(milliseconds{100});
    }
    EXPECT_EQ(polls, 10U); // ten a second
    const auto wake = bench.service.tick();
    ASSERT_TRUE(wake);
    EXPECT_EQ(*wake - bench.now.steady, milliseconds{100});
}

TEST(ServiceTurns, DeadServersDelayNobody)
{
    ServiceBench bench{script_of(0), no_ramp()}; // eight places: two for the doubtful
    bench.transport.connect_error =
        base::Error{base::ErrorCode::connect_failed, base::Retry::later, "silent"};
    auto all = assignments(bench, 20);
    bench.service.set_mailboxes(all);
    for (int round = 0; round < 10; ++round) {
        bench.poll();
    }
    bench.transport.connect_error.reset();
    bench.pass(std::chrono::minutes{10});
    bench.service.tick();
    EXPECT_EQ(bench.started.size(), 2U);
    all.push_back(bench.assignment("new"));
    bench.service.set_mailboxes(all);
    bench.service.tick();
    EXPECT_EQ(bench.status("new").state, MailboxState::polling);
}

class ServicePause : public ::testing::Test {
protected:
    void fill()
    {
        bench.room = base::fail(base::ErrorCode::disk_full, base::Retry::later,
                                "the spool takes 1 GiB of its limit");
    }

    ServiceBench bench{script_of(2)};
};

TEST_F(ServicePause, WithoutRoomNothingIsPolledAndEveryoneIsToldWhy)
{
    fill();
    bench.service.set_mailboxes(assignments(bench, 2));
    EXPECT_EQ(bench.poll(), 0U);
    EXPECT_EQ(bench.script.connections, 0U);
    EXPECT_EQ(bench.status("box1").state, MailboxState::paused);
    EXPECT_THAT(bench.status("box1").last_error, HasSubstr("of its limit"));
    ASSERT_EQ(bench.pauses.size(), 1U);
    EXPECT_THAT(bench.pauses.back(), HasSubstr("of its limit"));
}

TEST_F(ServicePause, ItLooksAgainAndGoesOnByItself)
{
    fill();
    bench.service.set_mailboxes(assignments(bench, 1));
    const auto wake = bench.service.tick();
    ASSERT_TRUE(wake);
    EXPECT_EQ(*wake, bench.now.steady + seconds{5});
    bench.room = {};
    bench.pass(seconds{5});
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.status("box0").state, MailboxState::ok);
    EXPECT_EQ(bench.status("box0").messages_total, 2U);
    EXPECT_THAT(bench.pauses, ElementsAre(HasSubstr("of its limit"), ""));
}

TEST_F(ServicePause, WhoIsNotDueIsNotTroubledAndIsPausedWhenItIs)
{
    bench.service.set_mailboxes(assignments(bench, 1));
    bench.poll();
    fill();
    bench.service.tick();
    EXPECT_EQ(bench.status("box0").state, MailboxState::ok);
    bench.pass(seconds{60});
    bench.service.tick();
    EXPECT_EQ(bench.status("box0").state, MailboxState::paused);
}

TEST_F(ServicePause, APollThatFindsNoRoomIsPausedAndTriedAgainByItself)
{
    bench.intake.fails_begin =
        base::Error{base::ErrorCode::disk_full, base::Retry::later, "no room for 1 GiB"};
    bench.service.set_mailboxes(assignments(bench, 1));
    bench.poll();
    EXPECT_EQ(bench.status("box0").state, MailboxState::paused);
    EXPECT_THAT(bench.status("box0").last_error, HasSubstr("no room for 1 GiB"));
    EXPECT_LE(*bench.status("box0").next_poll_at,
              bench.now.wall + MailboxSchedule::no_room_delay_max);
    bench.intake.fails_begin.reset();
    bench.pass(MailboxSchedule::no_room_delay_max);
    bench.poll();
    EXPECT_EQ(bench.status("box0").messages_total, 2U);
}

} // namespace
} // namespace watchpost::collector
