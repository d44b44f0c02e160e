#include "collector/poll.h"

#include <gtest/gtest.h>

#include <future>

#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using test::message;
using test::PollBench;
using test::script_of;

TEST(Poll, CollectsEveryMessageByteForByteAndKnowsItTheNextTime)
{
    PollBench bench{script_of(5)};
    const auto first = bench.poll();
    EXPECT_FALSE(first.error);
    EXPECT_TRUE(first.is_complete());
    EXPECT_EQ(first.collected, 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(bench.intake.stored.at(i).content, bench.script.messages[i].content);
        EXPECT_EQ(bench.intake.stored.at(i).receipt.uid, bench.script.messages[i].uid);
    }
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.known, 5U);
    EXPECT_TRUE(second.is_complete());
}

TEST(Poll, GivesTheSameWhereverTheStreamIsCut)
{
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) {
        PollBench bench{script_of(3)};
        bench.transport.piece_octets = piece;
        EXPECT_TRUE(bench.poll().is_complete()) << piece;
        EXPECT_EQ(bench.intake.contents().at(2), bench.script.messages[2].content) << piece;
    }
}

TEST(Poll, TakesOnlyWhatIsNew)
{
    PollBench bench{script_of(2)};
    EXPECT_EQ(bench.poll().collected, 2U);
    bench.script.messages.push_back(message("u3"));
    EXPECT_EQ(bench.poll().collected, 1U);
    EXPECT_EQ(bench.intake.stored.back().receipt.uid, "u3");
}

TEST(Poll, AnEmptyMaildropIsComplete)
{
    PollBench bench{script_of(0)};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete());
    EXPECT_TRUE(bench.script.has_seen("QUIT"));
}

TEST(Poll, AsksAheadWherePipeliningIsAnnouncedAndNotOtherwise)
{
    PollBench serial{script_of(4)};
    serial.script.capabilities = {"UIDL"};
    EXPECT_EQ(serial.poll().collected, 4U);
    EXPECT_EQ(serial.transport.idle_asks, 4U);
    PollBench ahead{script_of(4)};
    EXPECT_EQ(ahead.poll().collected, 4U);
    EXPECT_EQ(ahead.transport.idle_asks, 1U);
}

TEST(Poll, AsksAheadHoweverLargeTheNextMessageIs)
{
    PollBench bench{{}};
    for (const auto* uid : {"u1", "u2", "u3", "u4"}) {
        bench.script.messages.push_back(message(uid, 5'000));
    }
    bench.limits.window_bytes_max = 2'000; // less than one of them
    bench.limits.read_bytes = 500;
    EXPECT_EQ(bench.poll().collected, 4U);
    EXPECT_EQ(bench.transport.idle_asks, 1U);
}

TEST(Poll, WorksWithoutCapa)
{
    PollBench bench{script_of(2)};
    bench.script.replies["CAPA"] = "-ERR unknown command\r\n";
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.intake.stored.size(), 2U);
}

TEST(Poll, AServerThatHangsUpOnCapaIsSpokenToWithoutIt)
{
    PollBench bench{script_of(2)};
    bench.script.hangs_up_at = {"CAPA"};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.script.connections, 3U);
}

/// A server whose store is broken hangs up on whatever comes after the log-in, CAPA or not.
TEST(Poll, ThatAServerHangsUpOnCapaIsNotLearnedWhereItHangsUpOnEverything)
{
    PollBench bench{script_of(2)};
    bench.script.hangs_up_at = {"CAPA", "STAT"};
    EXPECT_TRUE(bench.poll().error);
    bench.script.hangs_up_at.clear();
    bench.script.commands.clear();
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_TRUE(bench.script.has_seen("CAPA"));
}

TEST(Poll, CapabilitiesOfBeforeTheLoginAreForgotten)
{
    PollBench bench{script_of(3)};
    bench.script.capabilities_after_login = {"UIDL"};
    const auto report = bench.poll();
    EXPECT_FALSE(report.link.capabilities.pipelining);
    EXPECT_TRUE(report.is_complete());
}

TEST(Poll, PoliciesStandWhereCapaIsRefusedAfterTheLogin)
{
    PollBench bench{script_of(1)};
    bench.script.capabilities = {"UIDL", "PIPELINING", "LOGIN-DELAY 300", "EXPIRE 5"};
    bench.script.replies["CAPA#2"] = "-ERR not in this state\r\n";
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete());
    EXPECT_EQ(report.link.capabilities.login_delay, std::chrono::seconds{300});
    EXPECT_EQ(report.link.capabilities.expire, std::chrono::days{5});
    EXPECT_FALSE(report.link.capabilities.pipelining);
}

TEST(PollUid, AUidThatStandsTwiceIsNoReasonToSkipAMessage)
{
    PollBench bench{script_of(0)};
    bench.script.messages = {message("same"), message("same", 90)};
    EXPECT_EQ(bench.poll().collected, 2U);
    bench.script.messages.push_back(message("same", 200)); // hides behind the others
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(second.duplicates, 2U);
    EXPECT_TRUE(second.is_complete());
}

TEST(PollUid, AKnownUidWithAnotherSizeIsFetched)
{
    PollBench bench{script_of(1)};
    EXPECT_EQ(bench.poll().collected, 1U);
    bench.script.messages[0].content += "more\r\n";
    EXPECT_EQ(bench.poll().collected, 1U);
}

TEST(PollUid, WithoutUidlContentTellsWhatIsKnown)
{
    PollBench bench{script_of(3)};
    bench.script.replies["UIDL"] = "-ERR not here\r\n";
    EXPECT_EQ(bench.poll().collected, 3U);
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.duplicates, 3U);
    EXPECT_TRUE(second.is_complete());
}

TEST(PollSize, AMessageBeyondTheLimitIsRecordedOnceAndNeverFetched)
{
    PollBench bench{script_of(1)};
    bench.script.messages.push_back(message("big", 5000));
    bench.settings.message_bytes_max = 1000;
    const auto first = bench.poll();
    EXPECT_EQ(first.collected, 1U);
    EXPECT_EQ(first.too_large, 1U);
    EXPECT_EQ(first.left, 1U);
    EXPECT_FALSE(bench.script.has_seen("RETR 2"));
    EXPECT_EQ(bench.intake.stored.at(0).receipt.completeness, spool::Completeness::too_large);
    const auto second = bench.poll();
    EXPECT_EQ(second.too_large, 0U);
    EXPECT_EQ(second.known, 2U);
}

TEST(PollSize, AServerThatAnnouncesLessThanItSendsDoesNotGetAroundTheLimit)
{
    PollBench bench{script_of(0)};
    bench.script.messages = {message("liar", 5000), message("u2")};
    bench.script.messages[0].announced = "10";
    bench.settings.message_bytes_max = 1000;
    const auto report = bench.poll();
    EXPECT_EQ(report.too_large, 1U);
    EXPECT_EQ(report.collected, 1U);
    EXPECT_EQ(report.links, 2U); // with another behind it, nobody can tell what was whose
    EXPECT_EQ(bench.intake.stored.at(1).content, "");
    EXPECT_EQ(bench.poll().known, 2U);
}

TEST(PollSize, WithoutAUidATooLargeMessageIsRecordedOnceForEachThatIsThere)
{
    PollBench bench{script_of(1)};
    bench.script.replies["UIDL"] = "-ERR not here\r\n";
    bench.script.messages.push_back(message("big", 5000));
    bench.settings.message_bytes_max = 1000;
    EXPECT_EQ(bench.poll().too_large, 1U);
    const auto second = bench.poll();
    EXPECT_EQ(second.too_large, 0U);
    EXPECT_EQ(second.known, 1U);
    bench.script.messages.push_back(message("big too", 5000));
    bench.script.messages.back().content = bench.script.messages[1].content; // of that size
    EXPECT_EQ(bench.poll().too_large, 1U);
    EXPECT_EQ(bench.poll().too_large, 0U);
    EXPECT_EQ(bench.intake.stored.size(), 3U);
}

TEST(PollSize, WithoutAUidAMessageThatWasAnnouncedAsSmallIsRecordedOnce)
{
    PollBench bench{script_of(0)};
    bench.script.replies["UIDL"] = "-ERR not here\r\n";
    bench.script.messages = {message("liar", 5000)};
    bench.script.messages[0].announced = "10";
    bench.settings.message_bytes_max = 1000;
    EXPECT_EQ(bench.poll().too_large, 1U);
    const auto second = bench.poll();
    EXPECT_EQ(second.too_large, 0U);
    EXPECT_EQ(second.duplicates, 1U);
    EXPECT_EQ(bench.intake.stored.size(), 1U);
}

TEST(PollSize, AMessageWithoutEndCostsTheLinkAndNotTheOthers)
{
    PollBench bench{script_of(0)};
    bench.script.messages = {message("endless", 60'000), message("u2")};
    bench.script.messages[0].announced = "10";
    bench.settings.message_bytes_max = 1000;
    bench.limits.drain_bytes_max = 1000;
    bench.transport.piece_octets = 500;
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 3U); // ahead of another, alone, and the end
    EXPECT_EQ(report.too_large, 1U);
    EXPECT_EQ(report.collected, 1U);
}

TEST(PollSize, ARaisedLimitFetchesWhatWasTooLarge)
{
    PollBench bench{script_of(0)};
    bench.script.messages = {message("big", 5000)};
    bench.settings.message_bytes_max = 1000;
    EXPECT_EQ(bench.poll().too_large, 1U);
    bench.settings.message_bytes_max = 10'000;
    EXPECT_EQ(bench.poll().collected, 1U);
}

TEST(PollSize, MoreOctetsThanAnnouncedAreKeptAndRecorded)
{
    PollBench bench{script_of(2)};
    bench.script.messages[0].announced = "3";
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.longer, 1U);
    EXPECT_EQ(bench.intake.stored.back().receipt.completeness, spool::Completeness::whole);
    EXPECT_EQ(bench.intake.stored.back().receipt.announced_octets, 3U);
}

TEST(PollBatch, IsBoundedByMessagesAndByOctets)
{
    PollBench bench{script_of(7)};
    bench.limits.batch_messages_max = 3;
    EXPECT_EQ(bench.poll().collected, 7U);
    EXPECT_EQ(bench.intake.batches, (std::vector<std::size_t>{3, 3, 1}));
    PollBench octets{script_of(3)};
    octets.limits.batch_bytes_max = 1;
    EXPECT_EQ(octets.poll().collected, 3U);
    EXPECT_EQ(octets.intake.batches, (std::vector<std::size_t>{1, 1, 1}));
}

TEST(PollBatch, WhatOthersHaveTakenOfTheBudgetIsNotUsed)
{
    constexpr std::uint64_t one_message = 4'096; // with what belongs to it
    PollBench bench{script_of(5)};
    BatchBudget budget{3 * one_message};
    bench.budget = &budget;
    std::uint64_t most_taken = 0;
    bench.intake.fails_commit = [&](std::size_t) {
        most_taken = std::max(most_taken, budget.taken());
        return std::nullopt;
    };
    EXPECT_EQ(bench.poll().collected, 5U);
    EXPECT_EQ(bench.intake.batches, (std::vector<std::size_t>{5}));
    EXPECT_GT(most_taken, 0U);
    EXPECT_EQ(budget.taken(), 0U);

    const auto of_others = budget.take_beyond(3 * one_message); // all of it
    PollBench alone{script_of(5)};
    alone.budget = &budget;
    alone.intake.fails_commit = bench.intake.fails_commit;
    EXPECT_EQ(alone.poll().collected, 5U);
    EXPECT_EQ(alone.intake.batches, (std::vector<std::size_t>{1, 1, 1, 1, 1}));
    EXPECT_LE(most_taken, 4 * one_message); // one message beyond it
    EXPECT_EQ(budget.taken(), 3 * one_message);
}

TEST(PollBatch, AFailureWhileTheBudgetIsTakenIsTold)
{
    PollBench bench{script_of(5)};
    BatchBudget budget{0};
    bench.budget = &budget;
    bench.intake.fails_commit = [](std::size_t number) {
        return number == 2 ? std::optional{base::Error{base::ErrorCode::disk_full,
                                                       base::Retry::later, "no room"}}
                           : std::nullopt;
    };
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), base::ErrorCode::disk_full);
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(budget.taken(), 0U);
    bench.intake.fails_commit = [](std::size_t) { return std::nullopt; };
    EXPECT_EQ(bench.poll().collected, 3U);
}

/// At a server that hides what was fetched, what is whole must not wait for a long message.
TEST(PollBatch, IsMadeDurableWhileALongMessageIsStillComing)
{
    PollBench bench{script_of(1)};
    bench.script.messages.push_back(message("long", 400'000));
    bench.transport.piece_octets = 100;
    bench.limits.batch_time_max = std::chrono::milliseconds{1}; // less than 2,000 pieces take
    std::promise<void> first_batch;
    bench.intake.fails_commit = [&](std::size_t number) {
        if (number == 0) {
            first_batch.set_value();
        }
        return std::nullopt;
    };
    bool was_in_time = false;
    std::size_t pieces = 0;
    bench.intake.on_append = [&] {
        if (++pieces == 3'000) { // of 4,000: the long message waits here, as on a slow link
            was_in_time = first_batch.get_future().wait_for(std::chrono::seconds{10}) ==
                          std::future_status::ready;
        }
    };
    EXPECT_EQ(bench.poll().collected, 2U);
    EXPECT_TRUE(was_in_time);
    EXPECT_EQ(bench.intake.batches.front(), 1U);
}

/// A server that falls silent must not keep what is whole from being ours, nor its part of the
/// budget from other polls.
TEST(PollBatch, IsMadeDurableWhileTheServerIsSilent)
{
    using watchpost::test::Step;
    PollBench bench{script_of(3)};
    bench.script.replies["RETR 2"].steps = {{Step::Kind::pause}, {Step::Kind::usual}};
    bench.transport.pause = std::chrono::seconds{30};
    EXPECT_EQ(bench.poll().collected, 3U);
    EXPECT_EQ(bench.intake.batches, (std::vector<std::size_t>{1, 2}));

    PollBench too_long{script_of(3)};
    too_long.script.replies = bench.script.replies;
    too_long.transport.pause = 2 * too_long.limits.reply_time_max;
    const auto report = too_long.poll();
    ASSERT_TRUE(report.error) << "a silence is waited for no longer for a batch before it";
    EXPECT_EQ(report.error->code(), base::ErrorCode::timed_out);
    EXPECT_EQ(too_long.intake.batches.front(), 1U);
}

TEST(PollTime, WhenTheSessionsTimeIsOverTheRestIsLeftAndQuitIsSaid)
{
    PollBench bench{script_of(3)};
    bench.limits.session_time_max = std::chrono::milliseconds{0};
    const auto report = bench.poll();
    EXPECT_FALSE(report.error);
    EXPECT_EQ(report.left, 3U);
    EXPECT_FALSE(bench.script.has_seen("RETR"));
    EXPECT_TRUE(bench.script.has_seen("QUIT"));
}

TEST(PollNotes, AChangedServerAndAnUncheckedChangedCertificateAreTold)
{
    PollBench bench{script_of(1)};
    bench.settings.tls_mode = TlsMode::implicit;
    bench.settings.tls.policy = net::CertificatePolicy::any;
    EXPECT_TRUE(bench.poll().notes.empty());
    EXPECT_TRUE(bench.poll().notes.empty());
    bench.settings.server = "other.example";
    bench.transport.fingerprint_octet = 8;
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 0U); // a changed address collects nothing twice
    EXPECT_EQ(report.notes.size(), 2U);
}

} // namespace
} // namespace watchpost::collector
