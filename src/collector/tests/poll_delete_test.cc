// Deleting at the source: after the commit, whole messages only, and never twice lost.
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "collector/poll.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;
using spool::SourceState;
using test::message;
using test::PollBench;
using test::Pop3Script;
using test::script_of;

void set_deleting(PollBench& bench)
{
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
}

TEST(PollDelete, LeavesEverythingUnlessThePolicySaysOtherwise)
{
    PollBench bench{script_of(2)};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_FALSE(bench.script.has_seen("DELE"));
    EXPECT_EQ(bench.script.messages.size(), 2U);
}

TEST(PollDelete, WhatIsStoredGoesAndIsNotedAsExpungedAfterQuit)
{
    PollBench bench{script_of(3)};
    set_deleting(bench);
    const auto report = bench.poll();
    EXPECT_EQ(report.deleted, 3U);
    EXPECT_TRUE(report.is_complete());
    EXPECT_TRUE(bench.script.messages.empty());
    for (const auto& item : bench.intake.stored) {
        EXPECT_EQ(bench.intake.states.at(item.id), SourceState::expunged);
    }
}

TEST(PollDelete, NothingIsDeletedThatWasNotCommitted)
{
    PollBench bench{script_of(4)};
    set_deleting(bench);
    bench.limits.batch_messages_max = 2;
    bench.intake.fails_commit = [](std::size_t number) {
        return number == 1 ? std::optional{Error{ErrorCode::io_failed, Retry::later, "fdatasync"}}
                           : std::nullopt;
    };
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.left, 2U);
    EXPECT_FALSE(bench.script.has_seen("DELE"));
    EXPECT_EQ(bench.script.messages.size(), 4U);
}

TEST(PollDelete, AfterAFailedCommitTheNextPollFetchesTheRestAndDeletesAll)
{
    PollBench bench{script_of(4)};
    set_deleting(bench);
    bench.limits.batch_messages_max = 2;
    bench.intake.fails_commit = [](std::size_t number) {
        return number == 1 ? std::optional{Error{ErrorCode::io_failed, Retry::later, "fdatasync"}}
                           : std::nullopt;
    };
    static_cast<void>(bench.poll());
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 2U);
    EXPECT_EQ(second.known, 2U);
    EXPECT_EQ(second.deleted, 4U);
}

TEST(PollDelete, WithoutQuitsOkItIsPendingAndDoneAtTheNextPoll)
{
    PollBench bench{script_of(2)};
    set_deleting(bench);
    bench.script.replies["QUIT"] = "-ERR some messages could not be deleted\r\n";
    const auto first = bench.poll();
    EXPECT_EQ(first.delete_pending, 2U);
    EXPECT_EQ(first.deleted, 0U);
    EXPECT_FALSE(first.is_complete());
    EXPECT_EQ(bench.intake.states.at(bench.intake.stored[0].id), SourceState::delete_pending);
    bench.script.replies.clear();
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.deleted, 2U);
    EXPECT_TRUE(bench.script.messages.empty());
}

TEST(PollDelete, AnotherMessageUnderTheNameAndSizeOfADeletedOneIsCollectedFirst)
{
    PollBench bench{script_of(0)};
    set_deleting(bench);
    bench.script.messages = {message("same")};
    EXPECT_EQ(bench.poll().deleted, 1U);
    auto other = message("same");
    other.content.replace(9, 4, "evil"); // as long as it was
    bench.script.messages = {other};
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(second.deleted, 1U);
    EXPECT_EQ(bench.intake.contents().back(), other.content);
}

TEST(PollDelete, WhatAServerNeverDeletesIsFetchedAgainOnceADay)
{
    PollBench bench{script_of(3)};
    set_deleting(bench);
    bench.script.keeps_deleted = true;
    EXPECT_EQ(bench.poll().deleted, 3U);
    const auto second = bench.poll();
    EXPECT_EQ(second.duplicates, 3U);
    EXPECT_EQ(second.deleted, 3U);
    EXPECT_EQ(bench.poll().known, 3U);
    EXPECT_EQ(bench.poll().deleted, 0U);
    EXPECT_EQ(bench.script.count_of("RETR"), 6U);
    bench.now += std::chrono::hours{25};
    EXPECT_EQ(bench.poll().duplicates, 3U);
    EXPECT_EQ(bench.intake.stored.size(), 3U);
}

/// The data of a mailbox itself, as UW-IMAP keeps it, before `count` messages.
Pop3Script script_with_folder_data(std::size_t count)
{
    auto script = script_of(count);
    script.messages.insert(script.messages.begin(),
                           {"data",
                            "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\n"
                            "X-IMAP: 1 2\r\n\r\nThis is not a real message.\r\n",
                            {},
                            {}});
    return script;
}

TEST(PollDelete, TheFoldersDataIsRememberedBeforeItIsStored)
{
    PollBench bench{script_with_folder_data(1)};
    set_deleting(bench);
    bool is_remembered = false;
    bench.intake.fails_commit = [&](std::size_t) { // the process dies here, or hereafter
        is_remembered = bench.store.values.contains("folder-data/box");
        return std::nullopt;
    };
    EXPECT_EQ(bench.poll().deleted, 1U);
    EXPECT_TRUE(is_remembered);
    EXPECT_EQ(bench.script.messages.size(), 1U);
}

TEST(PollDelete, FolderDataThatCannotBeRememberedIsNotStored)
{
    PollBench bench{script_with_folder_data(1)};
    set_deleting(bench);
    bench.store.fails_put = [](std::string_view name) {
        return name == "folder-data/box"
                   ? std::optional{Error{ErrorCode::disk_full, Retry::later, "no room"}}
                   : std::nullopt;
    };
    const auto first = bench.poll();
    ASSERT_TRUE(first.error);
    EXPECT_NE(first.error->describe().find("remember the server's own data"), std::string::npos);
    EXPECT_TRUE(bench.intake.stored.empty());
    bench.store.fails_put = [](std::string_view) { return std::nullopt; };
    EXPECT_EQ(bench.poll().deleted, 1U);
    EXPECT_EQ(bench.poll().deleted, 0U);
    EXPECT_EQ(bench.script.messages.size(), 1U);
}

TEST(PollDelete, AMessageThatTheServerWillNotDeleteStaysPending)
{
    PollBench bench{script_of(2)};
    set_deleting(bench);
    bench.script.replies["DELE 1"] = "-ERR read-only\r\n";
    const auto report = bench.poll();
    EXPECT_EQ(report.deleted, 1U);
    EXPECT_EQ(report.delete_pending, 1U);
    EXPECT_FALSE(report.is_complete());
}

TEST(PollDelete, AShortMessageIsKeptFlaggedAndNotDeleted)
{
    PollBench bench{script_of(1)};
    set_deleting(bench);
    bench.script.messages[0].announced = "9000";
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 1U);
    EXPECT_EQ(report.cut_short, 1U);
    EXPECT_EQ(bench.intake.stored.at(0).receipt.completeness,
              spool::Completeness::short_of_announced);
    EXPECT_FALSE(bench.script.has_seen("DELE"));
    EXPECT_EQ(bench.poll().known, 1U);
    EXPECT_FALSE(bench.script.has_seen("DELE"));
}

TEST(PollDelete, ATooLargeMessageIsNotDeleted)
{
    PollBench bench{script_of(0)};
    set_deleting(bench);
    bench.script.messages = {message("big", 5000)};
    bench.settings.message_bytes_max = 100;
    static_cast<void>(bench.poll());
    static_cast<void>(bench.poll());
    EXPECT_FALSE(bench.script.has_seen("DELE"));
}

TEST(PollDelete, AnEmptyLineBeforeTheReplyIsForgiven)
{
    PollBench bench{script_of(1)};
    set_deleting(bench);
    bench.script.replies["DELE"] = "\r\n+OK\r\n";
    EXPECT_EQ(bench.poll().deleted, 1U);
}

TEST(PollDelete, DeletionsGoOneByOneWithoutPipelining)
{
    PollBench bench{script_of(3)};
    set_deleting(bench);
    bench.script.capabilities = {"UIDL"};
    EXPECT_EQ(bench.poll().deleted, 3U);
}

TEST(PollDelete, ADoubledUidIsDeletedOnlyAsTheMessageThatWasFetched)
{
    PollBench bench{script_of(0)};
    set_deleting(bench);
    bench.script.messages = {message("same"), message("same", 90)};
    EXPECT_EQ(bench.poll().deleted, 2U);
    EXPECT_EQ(bench.intake.stored.size(), 2U);
}

/// All of them, as the spool remembers them.
std::set<SourceState> states_of(const PollBench& bench)
{
    std::set<SourceState> states;
    for (const auto& item : bench.intake.stored) {
        const auto found = bench.intake.states.find(item.id);
        states.insert(found == bench.intake.states.end() ? SourceState::kept : found->second);
    }
    return states;
}

/// As after a process that died between the server's +OK to QUIT and the note of it.
void lose_the_note(PollBench& bench)
{
    for (const auto& item : bench.intake.stored) {
        bench.intake.states[item.id] = SourceState::delete_pending;
        bench.ledger.change({item.id, SourceState::delete_pending});
    }
}

TEST(PollDelete, WhatIsPendingAndNotListedAnyMoreIsGone)
{
    PollBench bench{script_of(3)};
    set_deleting(bench);
    EXPECT_EQ(bench.poll().deleted, 3U);
    lose_the_note(bench);
    EXPECT_TRUE(bench.poll().is_complete()); // an empty maildrop
    EXPECT_EQ(states_of(bench), std::set{SourceState::expunged});
    lose_the_note(bench);
    bench.script.messages = {message("u9")};
    EXPECT_EQ(bench.poll().deleted, 1U);
    EXPECT_EQ(states_of(bench), std::set{SourceState::expunged});
}

TEST(PollDelete, ALinkThatBreaksAtQuitsAnswerIsLookedAfterInTheNextSession)
{
    PollBench bench{script_of(2)};
    set_deleting(bench);
    bench.script.cuts["QUIT"] = 0; // it has deleted them
    static_cast<void>(bench.poll());
    EXPECT_TRUE(bench.script.messages.empty());
    bench.script.cuts.clear();
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(states_of(bench), std::set{SourceState::expunged});
}

TEST(PollDelete, ANameThatIsGivenAgainAfterALostNoteIsFetched)
{
    PollBench bench{script_of(1)};
    set_deleting(bench);
    EXPECT_EQ(bench.poll().deleted, 1U);
    lose_the_note(bench);
    static_cast<void>(bench.poll());
    auto other = message("u1");
    other.content.replace(9, 2, "U1"); // as long as it was
    bench.script.messages = {other};
    EXPECT_EQ(bench.poll().collected, 1U);
    EXPECT_EQ(bench.intake.contents().back(), other.content);
}

TEST(PollDelete, WhatIsPendingAndListedUnderAnotherNameIsNotStoredTwice)
{
    PollBench bench{script_of(3)};
    set_deleting(bench);
    bench.script.replies["QUIT"] = "-ERR not now\r\n";
    EXPECT_EQ(bench.poll().delete_pending, 3U);
    bench.script.replies.clear();
    for (auto& each : bench.script.messages) {
        each.uid = "new-" + each.uid;
    }
    const auto second = bench.poll();
    EXPECT_EQ(second.renamed, 3U);
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.deleted, 3U);
}

TEST(PollDelete, AListingThatIsNotSoundOrNotReadWholeTellsOfNothingThatItIsGone)
{
    const auto untold = [](const std::function<void(Pop3Script&)>& spoil) {
        PollBench bench{script_of(2)};
        set_deleting(bench);
        EXPECT_EQ(bench.poll().deleted, 2U);
        lose_the_note(bench);
        bench.script.messages = {message("u8"), message("u9")};
        spoil(bench.script);
        static_cast<void>(bench.poll());
        return states_of(bench).contains(SourceState::delete_pending);
    };
    EXPECT_TRUE(untold([](auto& script) { // one of them may be a message of before
        script.replies["RETR 2"] = "-ERR [SYS/TEMP] not now\r\n";
    }));
    EXPECT_TRUE(untold([](auto& script) {
        script.replies["UIDL"] = "+OK\r\n1 u8\r\n.\r\n";
        script.replies["STAT"] = "+OK 2 80\r\n";
    }));
    EXPECT_FALSE(untold([](auto&) {}));
}

} // namespace
} // namespace watchpost::collector
