// What ends a poll early, what stays, and what the operator is told.
#include <gtest/gtest.h>

#include "collector/poll.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;
using test::message;
using test::PollBench;
using test::script_of;

// The server's message begins with "." and is not stuffed: see docs/adr/0003.
test::ScriptedMessage forger()
{
    return {"forger", ".\r\n+OK 5 octets\r\nFrom: spoof@x\r\n\r\nhello\r\n", {}, {}};
}

TEST(PollForgery, EveryMessageIsAttributedRightlyAndNoneVanishes)
{
    PollBench bench{script_of(3)};
    bench.script.stuffs_first_dot = false;
    bench.script.messages.insert(bench.script.messages.begin(), forger());
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 2U);
    EXPECT_EQ(report.collected, 4U);
    ASSERT_EQ(bench.intake.stored.size(), 4U);
    for (const auto& item : bench.intake.stored) {
        const auto& sent =
            item.receipt.uid == "forger" ? forger().content : message(item.receipt.uid).content;
        EXPECT_EQ(item.content, sent) << item.receipt.uid;
        EXPECT_EQ(item.receipt.completeness, spool::Completeness::whole);
    }
}

TEST(PollForgery, NothingIsDeletedInTheLinkThatLostStep)
{
    PollBench bench{script_of(3)};
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
    bench.script.stuffs_first_dot = false;
    bench.script.messages.insert(bench.script.messages.begin() + 1, forger());
    bench.limits.links_max = 1;
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::protocol_violation);
    EXPECT_EQ(report.collected, 1U); // what came before is right
    EXPECT_EQ(bench.intake.stored.at(0).receipt.uid, "u1");
    EXPECT_FALSE(bench.script.has_seen("DELE"));
    EXPECT_EQ(bench.script.messages.size(), 4U);
}

TEST(PollForgery, EverySplitOfTheStreamCollectsTheSameFourMessages)
{
    for (const std::size_t piece : {1U, 2U, 5U, 19U, 24U, 40U}) {
        PollBench bench{script_of(3)};
        bench.transport.piece_octets = piece;
        bench.script.stuffs_first_dot = false;
        bench.script.messages.insert(bench.script.messages.begin(), forger());
        static_cast<void>(bench.poll());
        for (const auto& item : bench.intake.stored) {
            if (item.receipt.uid != "forger") {
                EXPECT_EQ(item.content, message(item.receipt.uid).content) << piece;
            }
        }
        EXPECT_EQ(bench.intake.stored.size(), 4U) << piece;
    }
}

TEST(PollForgery, AShortMessageIsProbedBeforeTheLinkIsUsedOn)
{
    PollBench bench{script_of(3)};
    bench.script.capabilities = {"UIDL"};
    bench.script.stuffs_first_dot = false;
    bench.script.messages.insert(bench.script.messages.begin(), forger());
    bench.transport.piece_octets = 18; // ends with the ".": what is behind it comes later
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 2U);
    EXPECT_TRUE(report.is_complete());
    ASSERT_EQ(bench.intake.stored.size(), 4U);
    EXPECT_EQ(bench.intake.stored[0].receipt.uid, "forger");
    EXPECT_EQ(bench.intake.stored[0].receipt.completeness, spool::Completeness::short_of_announced);
    for (std::size_t i = 1; i < 4; ++i) {
        const auto& item = bench.intake.stored[i];
        EXPECT_EQ(item.content, message(item.receipt.uid).content);
    }
}

TEST(PollForgery, WhereSizesCannotBeTrustedMessagesAreAskedForOneByOne)
{
    PollBench bench{script_of(5)};
    bench.script.messages[0].announced = "3"; // longer: the octet count is no alarm here
    bench.script.stuffs_first_dot = false;
    bench.script.messages.insert(bench.script.messages.begin() + 3, forger());
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 2U); // in the second, nothing was outstanding behind the forger
    EXPECT_EQ(report.collected, 6U);
    EXPECT_EQ(bench.intake.contents().back(), bench.script.messages[0].content); // it failed: last
    EXPECT_EQ(bench.intake.stored.at(2).content, forger().content);
}

TEST(PollTruncation, AStumpWithAProperEndIsFetchedAgainByItselfAndFlagged)
{
    PollBench bench{script_of(3)};
    bench.script.messages[1].announced = "9000";
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 2U);
    EXPECT_EQ(report.collected, 3U);
    EXPECT_EQ(report.cut_short, 1U);
    EXPECT_FALSE(report.notes.empty());
}

TEST(PollTruncation, AServerThatAnnouncesTooMuchForEveryMessageIsStillCollected)
{
    PollBench bench{script_of(6)};
    for (auto& each : bench.script.messages) {
        each.announced = "9000";
    }
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 2U);
    EXPECT_EQ(report.collected, 6U);
    EXPECT_EQ(report.cut_short, 6U);
    EXPECT_TRUE(report.is_complete());
}

TEST(PollFailure, WhatWasReadBeforeTheLinkBrokeStaysAndIsNotFetchedAgain)
{
    PollBench bench{script_of(5)};
    bench.script.hangs_up_at = {"RETR 4"};
    const auto first = bench.poll();
    ASSERT_TRUE(first.error);
    EXPECT_EQ(first.error->code(), ErrorCode::connection_lost);
    EXPECT_TRUE(first.has_logged_in);
    EXPECT_EQ(first.links, 2U); // once more, one by one: the others are not held up
    EXPECT_EQ(first.collected, 4U);
    EXPECT_EQ(first.left, 1U);
    EXPECT_EQ(bench.script.count_of("RETR 1"), 1U);
    bench.script.hangs_up_at.clear();
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_TRUE(second.is_complete());
}

TEST(PollFailure, AServerThatHangsUpInMidMessageLeavesNoHalfMessage)
{
    for (std::size_t octets = 0; octets < 700; octets += 3) {
        PollBench bench{script_of(2)};
        bench.script.octets_max = octets;
        const auto report = bench.poll();
        for (const auto& item : bench.intake.stored) {
            EXPECT_EQ(item.content, message(item.receipt.uid).content) << octets;
        }
        EXPECT_EQ(report.collected, bench.intake.stored.size());
        EXPECT_TRUE(report.error || report.is_complete()) << octets;
    }
}

TEST(PollFailure, AMessageThatBreaksTheLinkEachTimeDoesNotHideTheOthers)
{
    PollBench bench{script_of(4)};
    bench.script.hangs_up_at = {"RETR 1"};
    bench.script.capabilities = {"UIDL"};
    EXPECT_EQ(bench.poll().collected, 0U);
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 3U);
    EXPECT_EQ(second.left, 1U);
    EXPECT_FALSE(second.error); // another link has shown that the server works
}

TEST(PollFailure, AServerThatGivesOutNothingIsAnErrorOfTheServer)
{
    PollBench bench{script_of(4)};
    bench.script.hangs_up_at = {"RETR"};
    for (int i = 0; i < 5; ++i) {
        const auto report = bench.poll();
        EXPECT_EQ(report.collected, 0U);
        ASSERT_TRUE(report.error);
        EXPECT_EQ(report.error->code(), ErrorCode::connection_lost);
    }
}

TEST(PollFailure, TwoSuchMessagesDoNotEither)
{
    PollBench bench{script_of(5)};
    bench.script.hangs_up_at = {"RETR 2", "RETR 4"};
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(bench.poll());
    }
    EXPECT_EQ(bench.intake.stored.size(), 3U);
}

TEST(PollFailure, ARefusedMessageIsLeftAndSaid)
{
    PollBench bench{script_of(3)};
    bench.script.replies["RETR 2"] = "-ERR Message 2 expunged\r\n";
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.refused, 1U);
    EXPECT_EQ(report.left, 1U);
    EXPECT_FALSE(report.error);
    EXPECT_NE(report.notes.at(0).find("expunged"), std::string::npos);
}

TEST(PollFailure, GarbageInPlaceOfAReplyEndsTheLinkWithItsWords)
{
    PollBench bench{script_of(2)};
    bench.script.replies["RETR 1"] = "\x1b[2Jhello\r\n";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::protocol_violation);
    EXPECT_NE(report.error->describe().find("\\x1b[2Jhello"), std::string::npos);
}

TEST(PollFailure, AnUnaskedRefusalAfterTheLoginIsTold)
{
    PollBench bench{script_of(1)};
    bench.script.replies["PASS"] = "+OK Logged in.\r\n-ERR [SYS/TEMP] Mailbox is corrupt\r\n";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::refused_by_server);
    EXPECT_NE(report.error->describe().find("Mailbox is corrupt"), std::string::npos);
}

TEST(PollFailure, AFullDiskPausesWithWhatWasCommitted)
{
    PollBench bench{script_of(6)};
    bench.limits.batch_messages_max = 1;
    bench.intake.octets_max = 3 * bench.script.messages[0].content.size() + 1;
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::disk_full);
    EXPECT_EQ(report.error->retry(), Retry::later);
    EXPECT_EQ(report.collected, 3U);
    EXPECT_EQ(report.left, 3U);
    bench.intake.octets_max.reset();
    EXPECT_EQ(bench.poll().collected, 3U);
}

TEST(PollFailure, ALargeMessageWithoutRoomIsFetchedLastAndHoldsUpNobody)
{
    PollBench bench{script_of(0)};
    bench.script.messages = {test::message("large", 300'000), test::message("u2"),
                             test::message("u3")};
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
    bench.intake.octets_max = 200'000;
    const auto first = bench.poll();
    ASSERT_TRUE(first.error);
    EXPECT_EQ(first.error->code(), ErrorCode::disk_full);
    bench.intake.octets_max.reset();
    bench.intake.announced_max = 100'000;
    const auto second = bench.poll(); // and what was stored is deleted meanwhile
    ASSERT_TRUE(second.error);
    EXPECT_EQ(second.error->code(), ErrorCode::disk_full);
    EXPECT_EQ(second.collected, 2U);
    EXPECT_EQ(second.deleted, 2U);
    EXPECT_EQ(second.left, 1U);
    bench.intake.announced_max.reset();
    EXPECT_FALSE(bench.poll().error);
    ASSERT_EQ(bench.intake.stored.size(), 3U);
    EXPECT_EQ(bench.intake.stored[2].receipt.uid, "large");
    EXPECT_TRUE(StuckMessages(bench.store, "box").blamed().empty()); // nobody's fault
}

TEST(PollFailure, AServerThatIsNotThereIsNoLogin)
{
    PollBench bench{script_of(1)};
    bench.transport.connect_error = Error{ErrorCode::connect_failed, Retry::later, "refused"};
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_FALSE(report.has_logged_in);
    EXPECT_TRUE(report.error->describe().starts_with("connect: connect_failed: refused; check "));
}

TEST(PollFailure, MoreMessagesThanASessionListsAreRefusedWithTheRemedy)
{
    PollBench bench{script_of(0)};
    bench.script.replies["STAT"] = "+OK 1000001 5\r\n";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::limit_exceeded);
}

TEST(PollForgery, AServerThatWantsPausesIsNotLoggedInToAgainAtOnce)
{
    PollBench bench{script_of(3)};
    bench.script.capabilities.emplace_back("LOGIN-DELAY 300");
    bench.script.stuffs_first_dot = false;
    bench.script.messages.insert(bench.script.messages.begin(), forger());
    const auto first = bench.poll();
    EXPECT_EQ(first.links, 1U);
    EXPECT_FALSE(first.error);
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(bench.poll());
    }
    EXPECT_EQ(bench.intake.stored.size(), 4U); // the one that cost the link comes last, alone
}

TEST(PollRefusals, AServerInTroubleThatGivesOutNothingIsAnErrorAndNotSomeMessages)
{
    PollBench bench{script_of(3)};
    bench.script.replies["RETR"] = "-ERR [SYS/TEMP] storage is away\r\n";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_NE(report.error->describe().find("storage is away"), std::string::npos);
    EXPECT_EQ(report.link.trouble, pop3::Trouble::temporary); // growing pauses
    EXPECT_EQ(report.held_back + report.set_aside, 0U);
    EXPECT_TRUE(bench.script.has_seen("QUIT"));
    bench.script.replies.clear();
    EXPECT_EQ(bench.poll().collected, 3U);
}

TEST(PollRefusals, ManyInARowEndTheSessionAndTheNextPollAsksForOthersFirst)
{
    PollBench bench{script_of(50)};
    bench.script.capabilities = {"UIDL"};
    bench.script.replies["RETR"] = "-ERR cannot open it\r\n";
    bench.script.replies["RETR 15"] =
        watchpost::test::ScriptedReply{{{watchpost::test::Step::Kind::usual, {}}}};
    bench.limits.refusals_in_row_max = 10;
    const auto first = bench.poll();
    EXPECT_EQ(bench.script.count_of("RETR"), 10U);
    ASSERT_TRUE(first.error);
    EXPECT_NE(first.error->describe().find("refused 10"), std::string::npos);
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(bench.script.count_of("RETR 15"), 1U);
}

TEST(PollRefusals, ATroubleAtDeleAndAtQuitDrivesTheScheduleToo)
{
    for (const auto* const command : {"DELE", "QUIT"}) {
        PollBench bench{script_of(3)};
        bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
        bench.script.replies[command] = "-ERR [SYS/TEMP] not now\r\n";
        const auto report = bench.poll();
        ASSERT_TRUE(report.error) << command;
        EXPECT_EQ(report.link.trouble, pop3::Trouble::temporary) << command;
        EXPECT_EQ(report.delete_pending, 3U) << command;
    }
}

} // namespace
} // namespace watchpost::collector
