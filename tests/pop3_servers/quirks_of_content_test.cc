// Quirks of docs/pop3-servers.md that lie in what RETR gives.
#include <gtest/gtest.h>

#include "quirk_bench.h"

namespace watchpost::test {
namespace {

using spool::Completeness;

/// A message that RETR 1 gives exactly so; two others stand behind it.
Pop3Script with_first(const std::string& content, const std::string& sent)
{
    auto script = pop3_script(R"({"messages": 3})");
    script.messages[0].content = content;
    script.replies["RETR 1"] = "+OK\r\n" + sent;
    return script;
}

TEST(Pop3Quirk, Q16_ATerminatorGluedToTheLastLineEndsTheMessageWhereTheServerFallsSilent)
{
    const std::string content = "Subject: u1\r\n\r\nno line end";
    QuirkBench bench{with_first(content, content + ".\r\n")};
    bench.server.change([](Pop3Script& script) { script.capabilities = {"UIDL"}; });
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(report.links, 1U);
    EXPECT_TRUE(contains(notes_of(report), "without a line of its own"));
    EXPECT_EQ(bench.items().at(0).content, content);
    EXPECT_EQ(bench.contents().size(), 3U);
}

TEST(Pop3Quirk, Q16_WithOthersOutstandingItHidesNoMessageInAnother)
{
    const std::string content = "Subject: u1\r\n\r\nno line end";
    QuirkBench bench{with_first(content, content + ".\r\n")}; // and it announces PIPELINING
    const auto report = bench.poll();
    EXPECT_EQ(report.links, 2U);
    EXPECT_EQ(report.collected, 3U);
    EXPECT_EQ(bench.contents(), QuirkBench::contents_of(bench.server.script()));
}

TEST(Pop3Quirk, Q16_ASlowMessageThatSeemsToEndSoIsReadOn)
{
    const std::string content = "Subject: u1\r\n\r\nends with a dot.\r\nand goes on\r\n";
    QuirkBench bench{with_first(content, content + ".\r\n")};
    bench.server.change([&](Pop3Script& script) {
        const auto middle = content.find("and goes on");
        script.replies["RETR 1"].steps = {{Step::Kind::say, "+OK\r\n" + content.substr(0, middle)},
                                          {Step::Kind::pause},
                                          {Step::Kind::say, content.substr(middle) + ".\r\n"}};
    });
    bench.limits.glued_end_time_max = std::chrono::milliseconds{1}; // its octets are not all there
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.contents(), QuirkBench::contents_of(bench.server.script()));
}

TEST(Pop3Quirk, Q17_ALineFeedAloneEndsNothing)
{
    const std::string content = "Subject: u1\n\nlines with LF\n.\nand more\n..\n.\r\r\nx\r\n";
    QuirkBench bench{with_first(content, content + ".\r\n")};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(bench.items().at(0).content, content);
}

TEST(Pop3Quirk, Q17_AnUnstuffedDotLineIsReadOverByTheAnnouncedOctets)
{
    const std::string content = "Subject: u1\r\n\r\nbefore\r\n.\r\nafter\r\n";
    QuirkBench bench{with_first(content, content + ".\r\n")};
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 3U);
    EXPECT_EQ(report.links, 2U); // behind others it cost the link
    EXPECT_EQ(bench.contents(), QuirkBench::contents_of(bench.server.script()));
}

TEST(Pop3Quirk, Q17_ADotThatIsStuffedTwiceIsKeptAsItCame)
{
    QuirkBench bench{with_first("Subject: u1\r\n\r\n.x\r\n", "Subject: u1\r\n\r\n...x\r\n.\r\n")};
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 3U);
    EXPECT_EQ(report.longer, 1U); // the octets tell
    EXPECT_EQ(bench.contents().at(0), "Subject: u1\r\n\r\n..x\r\n");
}

TEST(Pop3Quirk, Q17_ReplyLinesThatEndWithLineFeedAloneAreRefusedAndSaid)
{
    QuirkBench bench{R"({"greeting": "+OK ready\n"})"};
    EXPECT_TRUE(contains(error_of(bench.poll()), "bare LF"));
}

Pop3Script forging_server()
{
    auto script = pop3_script(R"({"messages": 3, "stuffs_first_dot": false})");
    script.messages.insert(
        script.messages.begin(),
        {"forger", ".\r\n+OK 5 octets\r\nFrom: spoof@x\r\n\r\nhello\r\n", {}, {}});
    return script;
}

TEST(Pop3Quirk, Q18_AForgedReplyIsAttributedToNobodyAndNoMessageVanishes)
{
    for (const bool is_pipelined : {true, false}) {
        QuirkBench bench{forging_server()};
        bench.delete_once_stored();
        if (!is_pipelined) {
            bench.server.change([](Pop3Script& script) { script.capabilities = {"UIDL"}; });
        }
        const auto all = QuirkBench::contents_of(bench.server.script());
        const auto report = bench.poll();
        EXPECT_EQ(report.collected, 4U);
        EXPECT_EQ(bench.contents(), all);
        EXPECT_TRUE(bench.server.script().messages.empty());
    }
}

TEST(Pop3Quirk, Q19_AStumpWithAProperEndIsKeptFlaggedAndNotDeleted)
{
    QuirkBench bench{R"({"messages": [{"uid": "a", "content": "Subject: fine\r\n"},
        {"uid": "stump", "content": "Subject: cut\r\n", "announced": "636827"}]})"};
    bench.delete_once_stored();
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.cut_short, 1U);
    EXPECT_EQ(report.deleted, 1U);
    ASSERT_EQ(bench.server.script().messages.size(), 1U);
    EXPECT_EQ(bench.server.script().messages[0].uid, "stump");
    EXPECT_EQ(bench.items().back().completeness, Completeness::short_of_announced);
}

TEST(Pop3Quirk, Q19_AStumpIsFetchedAgainAFewTimesAndThenLeftAlone)
{
    QuirkBench bench{
        R"({"messages": [{"uid": "stump", "content": "cut\r\n", "announced": "900"}]})"};
    for (unsigned i = 0; i < 8; ++i) {
        EXPECT_TRUE(bench.poll().is_complete());
    }
    EXPECT_EQ(bench.server.script().count_of("RETR"), 1U + bench.limits.short_retries_max);
    EXPECT_EQ(bench.contents().size(), 1U);
}

TEST(Pop3Quirk, Q19_AStumpThatIsCutElsewhereEachTimeIsKeptOnlyWhereItGrows)
{
    QuirkBench bench{R"({"messages": 1})"};
    const auto poll_cut_at = [&](std::size_t octets) {
        bench.server.change([&](Pop3Script& script) {
            script.messages[0].content = "Subject: u1\r\n\r\n" + std::string(octets, 'x') + "\r\n";
            script.messages[0].announced = "9000";
        });
        return bench.poll();
    };
    EXPECT_EQ(poll_cut_at(500).cut_short, 1U);
    EXPECT_EQ(poll_cut_at(400).duplicates, 1U);
    EXPECT_EQ(poll_cut_at(700).cut_short, 1U); // there is more to be inspected
    EXPECT_EQ(poll_cut_at(600).duplicates, 1U);
    EXPECT_EQ(bench.contents().size(), 2U);
}

TEST(Pop3Quirk, Q19_WhenTheStorageErrorHasPassedTheWholeMessageComesAndGoes)
{
    QuirkBench bench{R"({"messages": [{"uid": "u", "content": "Subject: x\r\n\r\nall of it\r\n"}],
        "replies": {"RETR": "+OK\r\nSubject: x\r\n.\r\n"}})"};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().cut_short, 1U);
    bench.server.change([](Pop3Script& script) { script.replies.clear(); });
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 1U);
    EXPECT_EQ(second.deleted, 1U);
    EXPECT_EQ(bench.items().back().content, "Subject: x\r\n\r\nall of it\r\n");
    EXPECT_TRUE(bench.server.script().messages.empty());
}

TEST(Pop3Quirk, Q21_AnExpungedMessageIsAskedForOnceASession)
{
    QuirkBench bench{R"({"messages": 3, "replies": {
        "RETR 2": "-ERR Message 2 expunged\r\n", "RETR 2#2": {"do": "cut"}}})"};
    const auto report = bench.poll();
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.refused, 1U);
    EXPECT_FALSE(report.error);
    EXPECT_EQ(bench.server.script().count_of("RETR 2"), 1U);
    EXPECT_TRUE(contains(notes_of(report), "expunged"));
}

constexpr std::string_view folder_data =
    "Date: 24 Nov 2026 06:00:00 +0000\r\nFrom: Mail System Internal Data <MAILER-DAEMON@x>\r\n"
    "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\nX-IMAP: 1163 0000000002\r\n"
    "Status: RO\r\n\r\nThis text is part of the internal format of your mail folder.\r\n";

TEST(Pop3Quirk, Q29_TheFoldersOwnDataIsNeverDeletedAndStillInspected)
{
    auto script = pop3_script(R"({"messages": 2})");
    script.messages.insert(script.messages.begin(), {"data", std::string{folder_data}, {}, {}});
    QuirkBench bench{std::move(script)};
    bench.delete_once_stored();
    for (int i = 0; i < 2; ++i) {
        static_cast<void>(bench.poll());
        ASSERT_EQ(bench.server.script().messages.size(), 1U);
        EXPECT_EQ(bench.server.script().messages[0].uid, "data");
    }
    EXPECT_FALSE(bench.server.script().has_seen("DELE 1"));
    EXPECT_EQ(bench.contents().size(), 3U); // whoever forges one gains nothing
}

TEST(Pop3Quirk, Q29_OnlyTheFirstMessageCanBeIt)
{
    auto script = pop3_script(R"({"messages": 1})");
    script.messages.push_back({"mimic", std::string{folder_data}, {}, {}});
    QuirkBench bench{std::move(script)};
    bench.delete_once_stored();
    EXPECT_EQ(bench.poll().deleted, 2U);
}

TEST(Pop3Quirk, Q30_AnyOctetsInLinesOfAnyLengthPassUnchanged)
{
    std::string content = "Subject: u1\r\n\r\n" + std::string(200'000, 'L') + "\r\n";
    for (int octet = 0; octet < 256; ++octet) {
        content += static_cast<char>(octet);
    }
    content += std::string{"\0\r\r\n\n\r lone \r CR\r\n", 18} + ".\r\n..\r\n";
    auto script = pop3_script(R"({"messages": 3})");
    script.messages[0].content = content;
    QuirkBench bench{std::move(script)};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.items().at(0).content, content);
}

TEST(Pop3Quirk, Q32_WhatAServerRewroteIsStoredAsItCame)
{
    const std::string content =
        "DKIM-Signature: v=1; bh=AAAA\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\neJ8+IgAA\r\n--b--\r\n";
    auto script = pop3_script(R"({"messages": 1})");
    script.messages[0].content = content;
    QuirkBench bench{std::move(script)};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.items().at(0).content, content);
}

} // namespace
} // namespace watchpost::test
