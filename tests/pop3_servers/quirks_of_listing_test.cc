// Quirks of docs/pop3-servers.md that lie in STAT, LIST and UIDL.
#include <gtest/gtest.h>

#include "quirk_bench.h"

namespace watchpost::test {
namespace {

ScriptedMessage message(const std::string& uid, const std::string& text,
                        const std::optional<std::string>& announced = std::nullopt)
{
    return {uid, "Subject: " + text + "\r\n\r\nbody of " + text + "\r\n", announced, {}};
}

Pop3Script script_of(std::vector<ScriptedMessage> messages)
{
    Pop3Script script;
    script.messages = std::move(messages);
    return script;
}

TEST(Pop3Quirk, Q07_SizesThatAreNoneAreUnknownAndRaiseNoAlarm)
{
    for (const auto* const size : {"-17", "garbage", "", "99999999999999999999999", "4k"}) {
        QuirkBench bench{script_of({message("a", "one", size), message("b", "two", size)})};
        const auto report = bench.poll();
        EXPECT_TRUE(report.is_complete()) << size << error_of(report);
        EXPECT_EQ(report.collected, 2U) << size;
        EXPECT_EQ(report.cut_short, 0U) << size;
        EXPECT_EQ(bench.poll().known, 2U) << size;
    }
}

/// Sizes as estimates are: all a little too large, each by another amount.
Pop3Script estimating_server(std::size_t count)
{
    Pop3Script script;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text(1'000 + i, 'x');
        script.messages.push_back(message("u" + std::to_string(i), text));
        const auto size = script.messages.back().content.size();
        script.messages.back().announced = std::to_string(size + 10 + i);
    }
    return script;
}

TEST(Pop3Quirk, Q07_EstimatesAreLearnedAndThenNoReasonToLeaveAMessageThere)
{
    QuirkBench bench{estimating_server(12)};
    bench.delete_once_stored();
    const auto first = bench.poll();
    EXPECT_EQ(first.collected, 12U);
    EXPECT_GE(first.cut_short, 5U); // until it was learned
    EXPECT_TRUE(contains(notes_of(first), "are estimates"));
    EXPECT_EQ(first.deleted, 12U - first.cut_short);
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.links, 1U);
    EXPECT_EQ(second.deleted, 0U); // what it was learned from stays there
    EXPECT_EQ(bench.server.script().messages.size(), first.cut_short);
    EXPECT_EQ(bench.contents().size(), 12U);
}

TEST(Pop3Quirk, Q07_SizesThatAreRoundedUpAreLearnedFromSmallMessages)
{
    Pop3Script script;
    for (std::size_t i = 0; i < 10; ++i) {
        script.messages.push_back(
            message("u" + std::to_string(i), std::string(400 + 100 * i, 'x')));
        const auto size = script.messages.back().content.size(); // 860 to 2,700
        script.messages.back().announced = std::to_string((size + 1'023) / 1'024 * 1'024);
    }
    QuirkBench bench{std::move(script)};
    bench.delete_once_stored();
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 10U);
    EXPECT_TRUE(contains(notes_of(report), "rounded up to multiples of 1024")) << notes_of(report);
    EXPECT_EQ(report.cut_short, 5U); // what it was learned from
    EXPECT_EQ(report.deleted, 5U);
    bench.server.change(
        [](Pop3Script& now) { now.messages = {message("stump", "cut off", "5120")}; });
    EXPECT_EQ(bench.poll().cut_short, 1U);
}

TEST(Pop3Quirk, Q07_AStumpIsStillAnAlarmWhereSizesAreEstimates)
{
    QuirkBench bench{estimating_server(12)};
    static_cast<void>(bench.poll());
    bench.server.change(
        [](Pop3Script& script) { script.messages = {message("stump", "cut off", "5000")}; });
    bench.delete_once_stored();
    const auto report = bench.poll();
    EXPECT_EQ(report.cut_short, 1U);
    EXPECT_EQ(bench.server.script().messages.size(), 1U);
}

TEST(Pop3Quirk, Q07_SizesOfACompressedFormAreTooSmallAndMessagesAreAskedForOneByOne)
{
    auto script = script_of({});
    for (int i = 0; i < 6; ++i) {
        script.messages.push_back(message("u" + std::to_string(i), std::string(500, 'a'), "50"));
    }
    QuirkBench bench{std::move(script)};
    const auto first = bench.poll();
    EXPECT_EQ(first.collected, 6U);
    EXPECT_EQ(first.links, 2U);
    EXPECT_TRUE(contains(notes_of(first), "fewer octets than it sends"));
    bench.server.change([](Pop3Script& now) {
        now.messages.push_back(message("n1", "new", "5"));
        now.messages.push_back(message("n2", "newer", "5"));
    });
    const auto second = bench.poll();
    EXPECT_EQ(second.links, 1U);
    EXPECT_EQ(second.collected, 2U);
}

TEST(Pop3Quirk, Q08_WhatOnlyOneListNamesIsLeftForTheNextPollAndSaid)
{
    QuirkBench bench{R"({"messages": 3, "replies_in": {"1": {
        "STAT": "+OK 2 44\r\n", "UIDL": "+OK\r\n1 u1\r\n2 u2\r\n.\r\n"}}})"};
    const auto first = bench.poll();
    EXPECT_EQ(first.collected, 2U);
    EXPECT_TRUE(contains(notes_of(first), "do not agree"));
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_TRUE(second.notes.empty());
}

TEST(Pop3Quirk, Q08_AMessageThatVanishesBetweenTheListsHoldsUpNobody)
{
    QuirkBench bench{R"({"messages": 3, "replies": {
        "UIDL": "+OK\r\n1 u1\r\n3 u3\r\n.\r\n", "LIST": "+OK\r\n1 22\r\n2 22\r\n3 22\r\n.\r\n",
        "RETR 2": "-ERR no such message\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.refused, 1U);
    EXPECT_FALSE(report.error);
}

TEST(Pop3Quirk, Q08_WhereTheListsDisagreeOnlyWhatIsFetchedThenIsDeleted)
{
    QuirkBench bench{R"({"messages": 2})"};
    EXPECT_EQ(bench.poll().collected, 2U);
    bench.delete_once_stored();
    bench.server.change([](Pop3Script& script) {
        script.messages.push_back(message("u3", "new"));
        script.replies_in[2]["LIST"] = "+OK\r\n1 22\r\n3 29\r\n.\r\n"; // u2 in UIDL alone
    });
    const auto report = bench.poll();
    EXPECT_EQ(report.deleted, 1U) << notes_of(report);
    EXPECT_FALSE(bench.server.script().has_seen("DELE 1"));
    EXPECT_EQ(bench.poll().deleted, 2U); // once they agree
}

TEST(Pop3Quirk, Q09_NumbersOutOfRangeDoubleLinesAndManyBlanksAreForgiven)
{
    QuirkBench bench{R"({"messages": 3, "replies": {
        "STAT": "+OK   3 \t 66\r\n",
        "LIST": "+OK\r\n1   22\r\n2\t22\r\n2 99\r\n3 \t 22 octets\r\n0 5\r\n4000000000 1\r\n.\r\n",
        "UIDL": "+OK\r\n1   u1\r\n2\tu2\r\n3 \t u3\r\n3 other\r\n7 u7\r\n.\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 3U) << error_of(report);
    EXPECT_TRUE(contains(notes_of(report), "do not agree"));
    EXPECT_EQ(bench.poll().known, 3U);
}

TEST(Pop3Quirk, Q09_ALineWithoutANumberHoldsUpNobody)
{
    QuirkBench bench{R"({"messages": 2, "replies": {
        "LIST": "+OK\r\n\r\n1 22\r\ntotal 44\r\n2 22\r\n.\r\n"}})"};
    EXPECT_EQ(bench.poll().collected, 2U);
    QuirkBench garbage{R"({"messages": 2, "replies": {"LIST": "+OK\r\nFrom: me\r\n.\r\n"}})"};
    EXPECT_TRUE(contains(error_of(garbage.poll()), "From: me"));
}

TEST(Pop3Quirk, Q10_AUidIsAnyOctets)
{
    auto script =
        script_of({message(std::string(900, 'L'), "long"), message("with two words", "words"),
                   message("../../etc/passwd", "slashes"), message("\xff\xfe\x80 8-bit", "octets"),
                   message("a\x01z", "control")});
    QuirkBench bench{std::move(script)};
    EXPECT_EQ(bench.poll().collected, 5U);
    const auto second = bench.poll();
    EXPECT_EQ(second.known, 5U);
    EXPECT_EQ(second.fetched, 0U);
}

TEST(Pop3Quirk, Q10_ABlankAndADoubledUidHideNothing)
{
    QuirkBench bench{
        script_of({message("", "blank"), message("same", "one"), message("same", "two"),
                   message(std::string(2'000, 'x'), "beyond the limit")})};
    EXPECT_EQ(bench.poll().collected, 4U);
    bench.server.change(
        [](Pop3Script& script) { script.messages.push_back(message("same", "three")); });
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(second.duplicates, 4U); // content told
    EXPECT_EQ(bench.contents().size(), 5U);
}

TEST(Pop3Quirk, Q10_AUidThatIsUsedAgainForAnotherMessageDoesNotHideIt)
{
    QuirkBench bench{script_of({message("same", "first one")})};
    EXPECT_EQ(bench.poll().collected, 1U);
    bench.server.change([](Pop3Script& script) { script.messages = {message("same", "second")}; });
    EXPECT_EQ(bench.poll().collected, 1U);
    EXPECT_EQ(bench.contents().size(), 2U);
}

TEST(Pop3Quirk, Q10_ANameOfADeletedMessageGetsNothingDeletedUnread)
{
    QuirkBench bench{script_of({message("same", "first one")})};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().deleted, 1U); // confirmed by QUIT
    bench.server.change( // as a mail with the same Message-ID does where UIDs are made of it
        [](Pop3Script& script) { script.messages = {message("same", "other one")}; });
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(second.deleted, 1U);
    EXPECT_EQ(bench.contents().size(), 2U);
}

TEST(Pop3Quirk, Q11_WithoutUidlTheContentTellsWhatIsKnown)
{
    QuirkBench bench{R"({"messages": 4, "replies": {"UIDL": "-ERR unknown command\r\n"}})"};
    EXPECT_EQ(bench.poll().collected, 4U);
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.duplicates, 4U);
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().deleted, 4U);
    EXPECT_EQ(bench.contents().size(), 4U);
}

TEST(Pop3Quirk, Q11_ARefusalThatPassesMakesNoServerWithoutUidl)
{
    QuirkBench bench{R"({"messages": 4, "replies_in": {
        "2": {"UIDL": "-ERR [SYS/TEMP] try later\r\n"}}})"};
    EXPECT_EQ(bench.poll().collected, 4U);
    const auto refused = bench.poll();
    EXPECT_TRUE(contains(error_of(refused), "try later"));
    EXPECT_EQ(refused.link.trouble, pop3::Trouble::temporary); // growing pauses
    EXPECT_EQ(bench.server.script().count_of("RETR"), 4U);
    EXPECT_EQ(bench.poll().known, 4U);
}

TEST(Pop3Quirk, Q11_UidsThatWereThereAndAreMissingAreWaitedFor)
{
    for (const auto* const uidl : {"-ERR what?\r\n", "+OK\r\n.\r\n", "+OK\r\n2 u2\r\n.\r\n"}) {
        QuirkBench bench{R"({"messages": 4})"};
        EXPECT_EQ(bench.poll().collected, 4U);
        bench.server.change([&](Pop3Script& script) { script.replies["UIDL"] = uidl; });
        const auto report = bench.poll();
        EXPECT_TRUE(contains(error_of(report), "UIDs")) << uidl << error_of(report);
        EXPECT_EQ(bench.server.script().count_of("RETR"), 4U) << uidl;
    }
}

TEST(Pop3Quirk, Q11_AServerThatNeverNamesAllIsCollectedAllTheSame)
{
    QuirkBench bench{R"({"messages": 4, "replies": {"UIDL": "+OK\r\n2 u2\r\n.\r\n"}})"};
    EXPECT_EQ(bench.poll().collected, 4U);
    const auto second = bench.poll();
    EXPECT_EQ(second.duplicates, 3U) << error_of(second);
    EXPECT_TRUE(second.is_complete());
}

TEST(Pop3Quirk, Q11_ATooLargeMessageIsRecordedOnce)
{
    QuirkBench bench{R"({"messages": 2, "replies": {"UIDL": "-ERR unknown command\r\n"}})"};
    bench.server.change([](Pop3Script& script) { script.messages[0].announced = "5000"; });
    bench.settings.message_bytes_max = 1000;
    EXPECT_EQ(bench.poll().too_large, 1U);
    EXPECT_EQ(bench.poll().too_large, 0U);
    EXPECT_EQ(bench.items().size(), 2U);
}

TEST(Pop3Quirk, Q11_WhatTheFirstPollLeftOutIsNotDeletedForWantOfAUid)
{
    QuirkBench bench{R"({"messages": 4})"};
    bench.first_poll = collector::FirstPoll::new_only;
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().before_first_poll, 4U);
    bench.server.change([](Pop3Script& script) {
        script.replies["UIDL"] = "+OK\r\n1 u1\r\n2 u2\r\n3 u3\r\n.\r\n";
    });
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 1U) << error_of(report);
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
    EXPECT_TRUE(contains(notes_of(report), "not deleted"));
}

TEST(Pop3Quirk, Q11_AnEmptyUidlIsNoFirstPoll)
{
    QuirkBench bench{R"({"messages": 4, "replies_in": {"1": {"UIDL": "+OK\r\n.\r\n"}}})"};
    bench.first_poll = collector::FirstPoll::new_only;
    const auto first = bench.poll();
    EXPECT_TRUE(contains(error_of(first), "UIDs")) << error_of(first);
    EXPECT_EQ(bench.poll().before_first_poll, 4U);
    EXPECT_TRUE(bench.contents().empty());
}

Pop3Script numbered(const std::string& prefix, std::size_t count)
{
    Pop3Script script;
    for (std::size_t i = 0; i < count; ++i) {
        const auto number = std::to_string(i);
        script.messages.push_back(message(prefix + number, number));
    }
    return script;
}

TEST(Pop3Quirk, Q12_UidsThatAllChangeAreNewNamesOfWhatIsKnown)
{
    QuirkBench bench{numbered("old", 10)};
    EXPECT_EQ(bench.poll().collected, 10U);
    bench.server.change([](Pop3Script& script) {
        script.messages = numbered("new", 10).messages;
        script.messages.push_back(message("new10", "really new"));
    });
    const auto moved = bench.poll();
    EXPECT_EQ(moved.renamed, 10U);
    EXPECT_TRUE(contains(notes_of(moved), "new UIDs"));
    EXPECT_EQ(moved.collected, 1U);
    EXPECT_TRUE(moved.is_complete());
    EXPECT_EQ(bench.contents().size(), 11U); // nothing is inspected twice
    const auto after = bench.poll();
    EXPECT_EQ(after.known, 11U);
    EXPECT_EQ(after.fetched, 0U); // and nothing is fetched a third time
}

TEST(Pop3Quirk, Q12_ANewNameIsDeletedLikeTheMessageItself)
{
    QuirkBench bench{numbered("old", 3)};
    EXPECT_EQ(bench.poll().collected, 3U);
    bench.server.change([](Pop3Script& script) { script.messages = numbered("new", 3).messages; });
    bench.delete_once_stored();
    const auto report = bench.poll();
    EXPECT_EQ(report.renamed, 3U);
    EXPECT_EQ(report.deleted, 3U);
    EXPECT_TRUE(bench.server.script().messages.empty());
}

TEST(Pop3Quirk, Q12_WhatTheFirstPollLeftOutIsCollectedUnderItsNewNameAndNotDeleted)
{
    QuirkBench bench{numbered("old", 6)};
    bench.first_poll = collector::FirstPoll::new_only;
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().before_first_poll, 6U);
    bench.server.change([](Pop3Script& script) { script.messages = numbered("new", 6).messages; });
    const auto moved = bench.poll();
    EXPECT_EQ(moved.collected, 6U);
    EXPECT_TRUE(contains(notes_of(moved), "nothing is deleted"));
    static_cast<void>(bench.poll());
    EXPECT_EQ(bench.server.script().messages.size(), 6U);
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

TEST(Pop3Quirk, Q12_ASecondCopyBesideTheFirstIsAMessageOfItsOwn)
{
    QuirkBench bench{numbered("old", 2)};
    EXPECT_EQ(bench.poll().collected, 2U);
    bench.server.change(
        [](Pop3Script& script) { script.messages.push_back(message("copy", "1")); });
    const auto report = bench.poll();
    EXPECT_EQ(report.renamed, 0U);
    EXPECT_EQ(report.collected, 1U);
}

TEST(Pop3Quirk, Q12_NamesThatChangeAgainAreFollowedAgain)
{
    QuirkBench bench{numbered("a", 4)};
    for (const auto* const prefix : {"b", "c", "a"}) {
        static_cast<void>(bench.poll());
        bench.server.change(
            [&](Pop3Script& script) { script.messages = numbered(prefix, 4).messages; });
    }
    const auto back = bench.poll();
    EXPECT_EQ(back.known, 4U); // under their first names
    EXPECT_EQ(bench.contents().size(), 4U);
}

TEST(Pop3Quirk, Q12_NamesThatChangeAtEveryPollAreGivenUpSoThatTheLedgerDoesNotGrow)
{
    QuirkBench bench{numbered("first", 6)};
    const auto poll_renamed = [&](const std::string& prefix) {
        bench.server.change(
            [&](Pop3Script& script) { script.messages = numbered(prefix, 6).messages; });
        return bench.poll();
    };
    static_cast<void>(bench.poll());
    for (const auto* const prefix : {"a", "b", "c"}) {
        EXPECT_EQ(poll_renamed(prefix).renamed, 6U);
    }
    const auto records = bench.items().size();
    for (const auto* const prefix : {"d", "e", "f"}) {
        const auto report = poll_renamed(prefix);
        EXPECT_EQ(report.duplicates, 6U);
        EXPECT_TRUE(contains(notes_of(report), "new UIDs at every poll"));
    }
    EXPECT_EQ(bench.items().size(), records);
    EXPECT_EQ(bench.contents().size(), 6U);
    bench.now += std::chrono::days{31}; // perhaps it was mended
    static_cast<void>(bench.poll());
    EXPECT_EQ(bench.poll().known, 6U);
}

TEST(Pop3Quirk, Q12_AnotherAnnouncedSizeOfTheSameMessageIsNoSecondMessage)
{
    QuirkBench bench{script_of({message("u1", "one"), message("u2", "two")})};
    EXPECT_EQ(bench.poll().collected, 2U);
    bench.server.change([](Pop3Script& script) {
        for (auto& each : script.messages) {
            each.announced = std::to_string(each.content.size() - 1);
        }
    });
    const auto report = bench.poll();
    EXPECT_EQ(report.renamed, 2U);
    EXPECT_EQ(bench.contents().size(), 2U);
    EXPECT_EQ(bench.poll().known, 2U);
}

/// Exact sizes become estimates (Exchange's EnableExactRFC822Size, or a move to such a server).
TEST(Pop3Quirk, Q12_ALargerAnnouncedSizeOfTheSameMessageIsNoSecondMessageAndNeverDeleted)
{
    QuirkBench bench{script_of({message("u1", "one"), message("u2", "two")})};
    EXPECT_EQ(bench.poll().collected, 2U);
    bench.delete_once_stored();
    bench.server.change([](Pop3Script& script) {
        for (auto& each : script.messages) {
            each.announced = std::to_string(each.content.size() + 40);
        }
    });
    EXPECT_EQ(bench.poll().renamed, 2U);
    for (int again = 0; again < 5; ++again) {
        const auto report = bench.poll();
        EXPECT_EQ(report.collected + report.renamed, 0U);
    }
    bench.server.change([](Pop3Script& script) {
        for (auto& each : script.messages) {
            each.uid = "new " + each.uid;
            each.announced = std::to_string(each.content.size() + 80);
        }
    });
    EXPECT_EQ(bench.poll().renamed, 2U);
    EXPECT_EQ(bench.contents().size(), 2U);
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

TEST(Pop3Quirk, Q12_StumpsOfABacklogThatMovesAreNotStoredAgain)
{
    auto script = script_of({message("u1", "one"), message("u2", "two")});
    for (auto& each : script.messages) {
        each.announced = std::to_string(each.content.size() + 40);
    }
    QuirkBench bench{script};
    EXPECT_EQ(bench.poll().cut_short, 2U);
    bench.server.change([](Pop3Script& moved) {
        for (auto& each : moved.messages) {
            each.uid = "new " + each.uid;
        }
    });
    EXPECT_EQ(bench.poll().renamed, 2U);
    EXPECT_EQ(bench.contents().size(), 2U);
}

TEST(Pop3Quirk, Q15_MessagesThatStayListedAfterTheirDeletionAreDeletedAgainAndNotCollected)
{
    QuirkBench bench{R"({"messages": 3, "keeps_deleted": true})"};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().deleted, 3U);
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.deleted, 3U);
    EXPECT_EQ(bench.contents().size(), 3U);
    EXPECT_EQ(bench.server.script().count_of("RETR"), 6U); // nothing is deleted unread
    EXPECT_TRUE(contains(notes_of(second), "listed although"));
}

TEST(Pop3Quirk, Q15_TheOctetsThatTheReplyToRetrNamesAreNotBelieved)
{
    QuirkBench bench{R"({"messages": 2, "replies": {
        "RETR 1": "+OK 7 octets\r\nSubject: u1\r\n\r\n..body\r\n.\r\n",
        "RETR 2": "+OK 99999 octets\r\nSubject: u2\r\n\r\n..body\r\n.\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.cut_short + report.longer, 0U);
}

} // namespace
} // namespace watchpost::test
