#include "collector/stuck_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using std::chrono::minutes;
using test::PollBench;
using test::script_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using watchpost::test::Step;

const base::Instant at = base::parse_rfc3339("2026-11-24T06:00:00Z").value();

std::vector<StuckMessage> blamed(test::FakeStore& store)
{
    return StuckMessages{store, "box"}.blamed();
}

pop3::ListedMessage listed(const std::string& uid)
{
    return {.number = 1, .octets = 100, .uid = uid, .uid_is_unique = true};
}

TEST(StuckMessages, PausesGrowAndTheFifthAttemptSetsAside)
{
    test::FakeStore store;
    std::vector<minutes> pauses;
    for (unsigned i = 0; i < StuckMessages::attempts_max; ++i) {
        StuckMessages stuck{store, "box"};
        stuck.blame(listed("a"), "no", at);
        EXPECT_TRUE(stuck.save().has_value());
        const auto message = blamed(store).at(0);
        EXPECT_EQ(message.attempts, i + 1);
        pauses.push_back(std::chrono::duration_cast<minutes>(message.next_at().value_or(at) - at));
        EXPECT_EQ(message.is_set_aside(), i == 4);
        EXPECT_THAT(stuck.newly_set_aside(), SizeIs(i == 4 ? 1 : 0));
    }
    EXPECT_EQ(pauses, (std::vector<minutes>{minutes{0}, minutes{10}, minutes{60}, minutes{360},
                                            minutes{0}}));
}

TEST(StuckMessages, AClockThatWasSetBackPausesNoLongerThanItself)
{
    test::FakeStore store;
    StuckMessages wrong{store, "box"};
    wrong.blame(listed("a"), "no", at + std::chrono::days{365});
    wrong.blame(listed("a"), "no", at + std::chrono::days{365});
    EXPECT_TRUE(wrong.save().has_value());
    for (const auto passed : {minutes{0}, minutes{11}}) { // each poll reads what is stored
        StuckMessages stuck{store, "box"};
        std::vector<pop3::ListedMessage> wanted{listed("a")};
        EXPECT_EQ(stuck.hold_back(wanted, at + passed), passed == minutes{0} ? 1U : 0U);
        EXPECT_TRUE(stuck.save().has_value());
    }
}

TEST(StuckMessages, ASuspectIsNotBlamedBeforeTheServerIsSeenToWork)
{
    test::FakeStore store;
    {
        StuckMessages stuck{store, "box"};
        stuck.suspect(listed("a"), "broke", StuckMessages::AskAgain::next_poll, at);
        EXPECT_TRUE(stuck.save().has_value());
        std::vector<pop3::ListedMessage> wanted{listed("a"), listed("b")};
        EXPECT_EQ(stuck.hold_back(wanted, at), 1U); // no more in this poll
    }
    EXPECT_THAT(blamed(store), IsEmpty());
    StuckMessages stuck{store, "box"};
    std::vector<pop3::ListedMessage> wanted{listed("a"), listed("b")};
    EXPECT_EQ(stuck.hold_back(wanted, at), 0U);
    EXPECT_EQ(wanted.back().uid, "a");
    stuck.confirm();
    EXPECT_THAT(stuck.blamed(), SizeIs(1));
}

TEST(StuckMessages, WhatHasNoUidOfItsOwnIsNeverHeldBack)
{
    test::FakeStore store;
    StuckMessages stuck{store, "box"};
    auto doubled = listed("a");
    doubled.uid_is_unique = false;
    for (unsigned i = 0; i < 9; ++i) {
        stuck.blame(doubled, "no", at);
        stuck.blame(listed(""), "no", at);
    }
    std::vector<pop3::ListedMessage> wanted{doubled, listed(""), listed("b")};
    EXPECT_EQ(stuck.hold_back(wanted, at), 0U);
    EXPECT_EQ(wanted.front().uid, "b");
}

TEST(StuckMessages, WhatIsGoneOrTriedAgainIsForgotten)
{
    test::FakeStore store;
    StuckMessages stuck{store, "box"};
    for (const char* const uid : {"a", "b", "c"}) {
        stuck.blame(listed(uid), "no", at);
    }
    EXPECT_TRUE(stuck.save().has_value());
    std::vector<pop3::ListedMessage> wanted{listed("b"), listed("c")};
    stuck.hold_back(wanted, at);
    EXPECT_TRUE(stuck.save().has_value());
    EXPECT_THAT(blamed(store), SizeIs(2));
    EXPECT_TRUE(stuck.start_anew({blamed(store).front().mark}).has_value());
    EXPECT_EQ(blamed(store).at(0).uid, "c");
    EXPECT_TRUE(stuck.start_anew({}).has_value());
    EXPECT_THAT(store.values, IsEmpty());
}

TEST(StuckMessages, IsBoundedAndForgetsNobodyForRoom)
{
    test::FakeStore store;
    StuckMessages stuck{store, "box"};
    for (unsigned i = 0; i < 200; ++i) {
        stuck.blame(listed("u" + std::to_string(i)), std::string(5'000, '\xff'), at);
    }
    EXPECT_TRUE(stuck.save().has_value());
    EXPECT_THAT(blamed(store), SizeIs(StuckMessages::remembered_max));
    EXPECT_EQ(blamed(store).front().uid, "u0");
    for (const auto& [name, value] : store.values) {
        EXPECT_LE(value.size(), spool::StateStore::value_bytes_max) << name;
    }
    EXPECT_EQ(parse_stuck(encode_stuck(blamed(store))).value(), blamed(store));
}

TEST(StuckMessages, ADamagedRecordIsAMessageThatNeverFailed)
{
    test::FakeStore store;
    StuckMessages stuck{store, "box"};
    stuck.blame(listed("a"), "no", at);
    EXPECT_TRUE(stuck.save().has_value());
    for (auto& [name, value] : store.values) {
        value = name.starts_with("stuck-message/") ? "1 {" : value;
    }
    EXPECT_THAT(blamed(store), IsEmpty());
}

/// The link breaks at the second of four messages, always.
test::Pop3Script poisoned()
{
    auto script = script_of(4);
    script.replies["RETR 2"] = {{{Step::Kind::say, "+OK here\r\nSub"}, {Step::Kind::cut, ""}}};
    return script;
}

TEST(Poison, HoldsUpNobody)
{
    PollBench bench{poisoned()};
    EXPECT_EQ(bench.poll().collected, 3U);
    EXPECT_THAT(blamed(bench.store), IsEmpty()); // the server may have been at fault
    const auto report = bench.poll();
    EXPECT_FALSE(report.error);
    EXPECT_EQ(report.left, 1U);
    EXPECT_EQ(blamed(bench.store).at(0).uid, "u2");
    EXPECT_EQ(blamed(bench.store).at(0).attempts, 1U);
    EXPECT_THAT(blamed(bench.store).at(0).reason, HasSubstr("connection_lost"));
}

TEST(Poison, IsSetAsideAfterHoursAndAskedForNoMore)
{
    PollBench bench{poisoned()};
    for (int i = 0; i < 24 * 6; ++i) {
        static_cast<void>(bench.poll());
        bench.now += minutes{10};
    }
    EXPECT_TRUE(blamed(bench.store).at(0).is_set_aside());
    const auto asked = bench.script.count_of("RETR 2");
    const auto report = bench.poll();
    EXPECT_EQ(bench.script.count_of("RETR 2"), asked);
    EXPECT_EQ(report.set_aside, 1U);
    EXPECT_EQ(report.left, 1U);
    EXPECT_EQ(bench.script.count_of("DELE"), 0U);
    bench.script.messages.push_back(test::message("u5"));
    EXPECT_EQ(bench.poll().collected, 1U); // what comes later is no concern of it
}

TEST(Poison, IsCollectedWhenTheServerIsMendedAndItIsTriedAgain)
{
    PollBench bench{poisoned()};
    for (int i = 0; i < 24 * 6; ++i) {
        static_cast<void>(bench.poll());
        bench.now += minutes{10};
    }
    bench.script.replies.clear();
    EXPECT_EQ(bench.poll().collected, 0U);
    EXPECT_TRUE(StuckMessages(bench.store, "box").start_anew({}).has_value());
    EXPECT_EQ(bench.poll().collected, 1U);
    EXPECT_THAT(blamed(bench.store), IsEmpty());
    EXPECT_THAT(bench.intake.stored, SizeIs(4));
}

TEST(Poison, ARecordOfATooLargeMessageIsNoSignOfLife)
{
    PollBench bench{poisoned()};
    bench.script.capabilities = {"UIDL", "USER"};
    bench.script.replies["RETR"] = {{{Step::Kind::cut, ""}}};
    bench.settings.message_bytes_max = 1'000;
    EXPECT_TRUE(bench.poll().error); // a suspect
    bench.script.messages.push_back(test::message("large", 5'000));
    EXPECT_EQ(bench.poll().too_large, 1U);
    EXPECT_THAT(blamed(bench.store), IsEmpty()); // nothing was given out
}

TEST(Poison, AServerThatIsDownBlamesNobody)
{
    PollBench bench{script_of(3)};
    bench.script.capabilities = {"UIDL", "USER"};
    bench.script.replies_in[1]["RETR 2"] = {{{Step::Kind::cut, ""}}};
    for (unsigned link = 2; link < 9; ++link) {
        bench.script.replies_in[link]["(connect)"] = {{{Step::Kind::cut, ""}}};
    }
    EXPECT_TRUE(bench.poll().error);
    while (bench.script.connections < 8) {
        EXPECT_TRUE(bench.poll().error);
    }
    EXPECT_THAT(blamed(bench.store), IsEmpty());
    EXPECT_EQ(bench.poll().collected, 2U);
    EXPECT_THAT(blamed(bench.store), IsEmpty());
}

TEST(Poison, AServerThatGivesOutNothingBlamesNobody)
{
    PollBench bench{script_of(6)};
    bench.script.hangs_up_at = {"RETR"};
    for (int i = 0; i < 24 * 6; ++i) {
        EXPECT_TRUE(bench.poll().error);
        bench.now += minutes{10};
    }
    EXPECT_THAT(blamed(bench.store), IsEmpty());
    bench.script.hangs_up_at.clear();
    EXPECT_EQ(bench.poll().collected, 6U);
}

TEST(Poison, ARefusedMessageIsBlamedOnlyWhereOthersAreGivenOut)
{
    PollBench bench{script_of(3)};
    for (const char* const command : {"RETR 1", "RETR 2", "RETR 3"}) {
        bench.script.replies[command] = "-ERR no storage\r\n";
    }
    static_cast<void>(bench.poll());
    EXPECT_THAT(blamed(bench.store), IsEmpty());
    bench.script.replies.erase("RETR 3");
    EXPECT_EQ(bench.poll().collected, 1U);
    EXPECT_THAT(blamed(bench.store), SizeIs(2));
}

TEST(Poison, IsShownByTheServiceAndTriedAgain)
{
    test::ServiceBench bench{poisoned()};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::error);
    bench.pass(minutes{15});
    bench.poll();
    EXPECT_THAT(bench.service.stuck_messages("box").value(), SizeIs(1));
    EXPECT_EQ(bench.status().state, MailboxState::warning);
    bench.service.tick();
    bench.script.replies.clear();
    EXPECT_TRUE(bench.service.try_again({.mailbox = "box", .marks = {}}).has_value());
    bench.poll();
    EXPECT_THAT(bench.service.stuck_messages("box").value(), IsEmpty());
    EXPECT_EQ(bench.status().messages_total, 4U);
    EXPECT_EQ(bench.service.try_again({.mailbox = "other", .marks = {}}).error().code(),
              base::ErrorCode::not_found);
}

} // namespace
} // namespace watchpost::collector
