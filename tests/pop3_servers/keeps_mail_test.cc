// What may be deleted at the source, and what is to be stored, where a server makes it hard to
// tell.
#include <gtest/gtest.h>

#include "quirk_bench.h"

namespace watchpost::test {
namespace {

ScriptedMessage message(const std::string& uid, const std::string& content,
                        const std::optional<std::string>& announced = std::nullopt)
{
    return {uid, content, announced, {}};
}

Pop3Script script_of(std::vector<ScriptedMessage> messages)
{
    Pop3Script script;
    script.messages = std::move(messages);
    return script;
}

const std::string stump = "Subject: cut\r\n\r\n" + std::string(484, 'x') + "\r\n";

TEST(KeepsMail, AStumpThatIsListedWithAnotherSizeIsStillAStump)
{
    QuirkBench bench{script_of({message("u1", stump, "1000")})};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().cut_short, 1U);
    bench.server.change([](Pop3Script& script) { script.messages[0].announced = "900"; });
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 0U);
    EXPECT_EQ(second.cut_short, 1U);
    EXPECT_EQ(bench.contents().size(), 1U) << "nor is it a second message";
    static_cast<void>(bench.poll());
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

TEST(KeepsMail, AStumpThatEqualsAWholeMessageOfBeforeIsNotThatMessage)
{
    QuirkBench bench{script_of({message("gone", stump)})};
    EXPECT_EQ(bench.poll().collected, 1U);
    bench.delete_once_stored();
    bench.server.change(
        [](Pop3Script& script) { script.messages = {message("u1", stump, "9000")}; });
    const auto report = bench.poll();
    EXPECT_EQ(report.cut_short, 1U);
    EXPECT_EQ(report.deleted, 0U);
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

TEST(KeepsMail, WithoutUidAStumpThatEqualsAWholeMessageIsNotDeleted)
{
    QuirkBench bench{script_of({message("", stump)})};
    EXPECT_EQ(bench.poll().collected, 1U);
    bench.delete_once_stored();
    bench.server.change([](Pop3Script& script) { script.messages = {message("", stump, "9000")}; });
    EXPECT_EQ(bench.poll().deleted, 0U);
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

/// `count` messages that come cut by up to a quarter.
Pop3Script cutting_server(std::size_t count)
{
    Pop3Script script;
    for (std::size_t i = 0; i < count; ++i) {
        script.messages.push_back(
            message("u" + std::to_string(i), std::string(800 + 10 * i, 'a') + "\r\n", "1000"));
    }
    return script;
}

TEST(KeepsMail, CutMessagesOnANewServerAreNeverDeletedByWhatWasLearnedFromThem)
{
    QuirkBench bench{cutting_server(5)};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().cut_short, 5U);
    bench.server.change([](Pop3Script& script) {
        for (auto& each : script.messages) { // cut elsewhere the next time
            each.content.insert(0, "more of it\r\n");
        }
    });
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(bench.poll().deleted, 0U);
    }
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

TEST(KeepsMail, ATruncationDoesNotJustifyItself)
{
    Pop3Script script;
    for (int i = 0; i < 12; ++i) {
        script.messages.push_back(message("u" + std::to_string(i),
                                          std::string(990, 'a') + std::to_string(100 + i) + "\r\n",
                                          "1000"));
    }
    QuirkBench bench{std::move(script)};
    bench.delete_once_stored();
    static_cast<void>(bench.poll());
    bench.server.change([](Pop3Script& now) {
        now.messages = {message("cut", std::string(800, 'c') + "\r\n", "1000")};
    });
    EXPECT_EQ(bench.poll().cut_short, 1U);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(bench.poll().deleted, 0U);
    }
    EXPECT_EQ(bench.server.script().messages.size(), 1U);
}

TEST(KeepsMail, WhatComesAgainAfterItsLikeWasDeletedIsAMessageOfItsOwn)
{
    QuirkBench bench{script_of({message("u1", "Subject: daily\r\n")})};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().deleted, 1U);
    bench.server.change(
        [](Pop3Script& script) { script.messages = {message("u9", "Subject: daily\r\n")}; });
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(second.deleted, 1U);
    EXPECT_EQ(bench.contents().size(), 2U);
}

TEST(KeepsMail, ACopyBesideAMessageThatGotAnotherNameIsAMessageOfItsOwn)
{
    QuirkBench bench{script_of({message("u1", "Subject: daily\r\n")})};
    EXPECT_EQ(bench.poll().collected, 1U);
    bench.server.change([](Pop3Script& script) { script.messages[0].uid = "u2"; });
    EXPECT_EQ(bench.poll().renamed, 1U);
    bench.server.change(
        [](Pop3Script& script) { script.messages.push_back(message("u9", "Subject: daily\r\n")); });
    const auto third = bench.poll();
    EXPECT_EQ(third.renamed, 0U);
    EXPECT_EQ(third.collected, 1U);
    EXPECT_EQ(bench.contents().size(), 2U);
}

TEST(KeepsMail, MessagesThatTheServerRefusesDoNotKeepTheOthersFromBeingCollected)
{
    QuirkBench bench{R"({"messages": 9, "replies": {"RETR 1": "-ERR\r\n", "RETR 2": "-ERR\r\n",
        "RETR 3": "-ERR\r\n"}})"};
    bench.delete_once_stored();
    bench.limits.deletions_max = 3;
    bench.server.change([](Pop3Script& script) {
        for (std::size_t i = 0; i < script.messages.size(); ++i) { // sizes of their own
            script.messages[i].content += std::string(i, 'x') + "\r\n";
        }
    });
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 6U);
    EXPECT_EQ(report.refused, 3U);
    EXPECT_EQ(report.deleted, 6U);
    EXPECT_EQ(bench.server.script().messages.size(), 3U);
}

TEST(KeepsMail, StumpsWithoutUidsMakeNoEndlessSessions)
{
    Pop3Script script;
    for (std::size_t i = 0; i < 7; ++i) {
        script.messages.push_back(message("", std::string(20 + i, 'a') + "\r\n", "9000"));
    }
    QuirkBench bench{std::move(script)};
    bench.delete_once_stored();
    bench.limits.deletions_max = 3;
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(bench.poll());
    }
    EXPECT_LE(bench.server.script().connections, 9U);
    EXPECT_FALSE(bench.server.script().has_seen("DELE"));
}

TEST(KeepsMail, KnownMessagesAreDeletedInSeveralSessionsAndOnceEach)
{
    for (const bool keeps_deleted : {false, true}) {
        QuirkBench bench{R"({"messages": 8})"};
        bench.server.change([&](Pop3Script& script) { script.keeps_deleted = keeps_deleted; });
        EXPECT_EQ(bench.poll().collected, 8U);
        bench.delete_once_stored();
        bench.limits.deletions_max = 3;
        const auto report = bench.poll();
        EXPECT_EQ(report.deleted, 8U);
        EXPECT_EQ(report.links, 3U);
        EXPECT_EQ(bench.server.script().messages.size(), keeps_deleted ? 8U : 0U);
    }
}

/// Two of the three have the same content: as many copies are stored as there were, and no more.
TEST(KeepsMail, WithoutUidlWhatIsListedInSpiteOfItsDeletionIsStoredOnce)
{
    QuirkBench bench{script_of({message("", "Subject: a\r\n"), message("", "Subject: a\r\n"),
                                message("", "Subject: b\r\n")})};
    bench.server.change([](Pop3Script& script) {
        script.keeps_deleted = true;
        script.replies["UIDL"] = "-ERR unknown command\r\n";
    });
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().collected, 3U);
    for (int again = 0; again < 3; ++again) {
        const auto report = bench.poll();
        EXPECT_EQ(report.collected, 0U);
        EXPECT_EQ(report.duplicates, 3U);
        EXPECT_EQ(report.deleted, 3U);
    }
    EXPECT_EQ(bench.items().size(), 3U);
}

TEST(KeepsMail, DeletionsThatAreRefusedStayPendingOverSeveralSessions)
{
    QuirkBench bench{R"({"messages": 8, "replies_in": {"2": {"DELE 1": "-ERR\r\n"}}})"};
    EXPECT_EQ(bench.poll().collected, 8U);
    bench.delete_once_stored();
    bench.limits.deletions_max = 3;
    const auto report = bench.poll();
    EXPECT_EQ(report.deleted, 7U);
    EXPECT_EQ(report.delete_pending, 1U);
}

TEST(KeepsMail, MoreStumpsThanCanBeCountedAreNotFetchedForEver)
{
    QuirkBench bench{cutting_server(0)};
    bench.server.change([](Pop3Script& script) {
        for (std::size_t i = 0; i < 130; ++i) {
            script.messages.push_back(
                message("u" + std::to_string(i), "cut " + std::to_string(i) + "\r\n", "900"));
        }
    });
    for (unsigned i = 0; i < 6; ++i) {
        static_cast<void>(bench.poll());
    }
    const auto asked = bench.server.script().count_of("RETR");
    static_cast<void>(bench.poll());
    EXPECT_EQ(bench.server.script().count_of("RETR"), asked);
}

} // namespace
} // namespace watchpost::test
