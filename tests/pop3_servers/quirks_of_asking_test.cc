// Quirks of docs/pop3-servers.md that lie in greeting, capabilities, log-in and commands.
#include <gtest/gtest.h>

#include "pop3/limits.h"
#include "quirk_bench.h"

namespace watchpost::test {
namespace {

using base::ErrorCode;
using collector::TlsMode;

void speak_stls(QuirkBench& bench)
{
    const auto files = make_self_signed(bench.folder.path());
    bench.server.change([&](Pop3Script& script) {
        script.tls = ServerTls::stls;
        script.certificate = files.certificate;
        script.key = files.key;
    });
    bench.settings.tls_mode = TlsMode::stls;
    bench.settings.tls.policy = net::CertificatePolicy::any;
}

TEST(Pop3Quirk, Q01_CapabilitiesAreAskedAnewAtEachStepAndTheOlderAnswerIsForgotten)
{
    QuirkBench bench{R"({"messages": 2, "capabilities": ["STLS", "SASL CRAM-MD5"],
        "capabilities_tls": ["SASL PLAIN"], "capabilities_after_login": ["UIDL", "PIPELINING"]})"};
    speak_stls(bench);
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(report.collected, 2U);
    EXPECT_EQ(report.link.mechanism, "PLAIN"); // of the second answer
    EXPECT_TRUE(report.link.capabilities.pipelining);
    const auto script = bench.server.script();
    EXPECT_EQ(script.count_of("CAPA"), 3U);
    EXPECT_EQ(script.clear_commands, (std::vector<std::string>{"CAPA", "STLS"}));
}

TEST(Pop3Quirk, Q02_AServerThatRefusesCapaIsProbedByUse)
{
    QuirkBench bench{R"({"messages": 2, "replies": {"CAPA": "-ERR what?\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete());
    EXPECT_EQ(report.link.mechanism, "USER");
    EXPECT_TRUE(bench.server.script().has_seen("UIDL"));
    EXPECT_TRUE(report.learned.empty()); // asking costs nothing
}

TEST(Pop3Quirk, Q02_AServerThatHangsUpOnCapaIsSpokenToWithoutItAndRemembered)
{
    QuirkBench bench{R"({"messages": 2, "hangs_up_at": ["CAPA"]})"};
    const auto first = bench.poll();
    EXPECT_TRUE(first.is_complete());
    EXPECT_TRUE(contains(notes_of(first), "learned about the server: it hangs up on CAPA"));
    EXPECT_EQ(bench.server.script().connections, 3U); // twice, then without
    const auto second = bench.poll();
    EXPECT_TRUE(second.is_complete());
    EXPECT_EQ(second.learned.size(), 1U); // shown, but no news
    EXPECT_TRUE(second.notes.empty());
    EXPECT_EQ(bench.server.script().connections, 4U);
    bench.now += std::chrono::days{31}; // perhaps it was mended
    bench.server.change([](Pop3Script& script) { script.hangs_up_at.clear(); });
    EXPECT_TRUE(bench.poll().learned.empty());
    EXPECT_EQ(bench.server.script().connections, 5U);
}

TEST(Pop3Quirk, Q02_OneHangUpAtCapaIsAnAccident)
{
    QuirkBench bench{R"({"messages": 2, "replies_in": {"1": {"CAPA": {"do": "cut"}}}})"};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_TRUE(report.learned.empty());
    EXPECT_EQ(bench.server.script().connections, 2U);
}

TEST(Pop3Quirk, Q03_AMechanismThatIsAnnouncedAndRejectedFallsThroughToTheNext)
{
    QuirkBench bench{R"({"messages": 1, "capabilities": ["SASL PLAIN", "UIDL"],
        "replies": {"AUTH": "-ERR command not supported\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(report.link.mechanism, "USER");
    EXPECT_EQ(report.link.refusals, 0U); // no password was refused
    const auto script = bench.server.script();
    EXPECT_EQ(script.count_of("AUTH"), 1U);
    EXPECT_EQ(script.count_of("PASS"), 1U);
}

TEST(Pop3Quirk, Q03_EachMechanismIsTriedOnceAPollAndNoPasswordAThirdTime)
{
    QuirkBench bench{R"({"capabilities": ["SASL PLAIN", "AUTH-RESP-CODE"],
        "replies": {"AUTH": "-ERR no\r\n", "PASS": "-ERR no\r\n"}})"};
    EXPECT_EQ(bench.poll().error->code(), ErrorCode::auth_rejected);
    EXPECT_EQ(bench.poll().error->code(), ErrorCode::auth_rejected);
    const auto script = bench.server.script();
    EXPECT_EQ(script.count_of("AUTH PLAIN ") + script.count_of("PASS"), 2U); // in 30 minutes
}

TEST(Pop3Quirk, Q04_APipelineThatBreaksIsDoneAgainSeriallyAndRemembered)
{
    // Every second command of a bunch is lost with the link, as long as commands come in bunches.
    const std::string json = R"({"messages": 4, "replies_in": {
        "1": {"RETR 2": {"do": "cut"}}, "3": {"RETR 6": {"do": "cut"}}}})";
    QuirkBench bench{json};
    const auto first = bench.poll();
    EXPECT_TRUE(first.is_complete()) << error_of(first);
    EXPECT_EQ(first.links, 2U);
    EXPECT_EQ(first.collected, 4U);
    EXPECT_TRUE(contains(notes_of(first), "made again without that"));
    EXPECT_TRUE(first.learned.empty()); // one broken link proves nothing
    bench.server.change([](Pop3Script& script) {
        auto more = pop3_script(R"({"messages": 8})").messages;
        script.messages = std::move(more);
    });
    const auto second = bench.poll();
    EXPECT_EQ(second.collected, 4U);
    EXPECT_EQ(second.learned.size(), 1U);
    bench.server.change(
        [](Pop3Script& script) { script.messages = pop3_script(R"({"messages": 12})").messages; });
    const auto third = bench.poll();
    EXPECT_EQ(third.links, 1U);
    EXPECT_EQ(third.collected, 4U);
    EXPECT_EQ(bench.contents(), QuirkBench::contents_of(bench.server.script()));
}

TEST(Pop3Quirk, Q04_ALinkThatBreaksSeriallyToo_IsNoFaultOfThePipelining)
{
    QuirkBench bench{R"({"messages": 3, "replies": {"RETR 1": {"do": "cut"}}})"};
    for (int i = 0; i < 3; ++i) {
        const auto report = bench.poll();
        EXPECT_EQ(report.left, 1U);
        EXPECT_TRUE(report.learned.empty());
    }
    EXPECT_EQ(bench.contents().size(), 2U);
}

/// Commands of a bunch are swallowed, and the link lives on: only its silence tells.
TEST(Pop3Quirk, Q04_CommandsThatAreSwallowedAreSentAgainOneByOne)
{
    for (const std::string swallowed : {"RETR 2", "RETR 4"}) {
        SCOPED_TRACE(swallowed);
        QuirkBench bench{R"({"messages": 5})"};
        bench.delete_once_stored();
        bench.limits.reply_time_max = std::chrono::seconds{2};
        bench.server.change([&](Pop3Script& script) {
            for (std::size_t i = 0; i < script.messages.size(); ++i) { // sizes of their own
                script.messages[i].content += std::string(i, 'x') + "\r\n";
            }
            script.replies_in[1][swallowed] = "";
        });
        const auto all = QuirkBench::contents_of(bench.server.script());
        const auto report = bench.poll();
        EXPECT_TRUE(report.is_complete()) << error_of(report);
        EXPECT_EQ(report.links, 2U);
        EXPECT_EQ(bench.contents(), all);
        EXPECT_TRUE(bench.server.script().messages.empty());
    }
}

TEST(Pop3Quirk, Q04_AServerThatHearsTheFirstCommandOfABunchAloneLosesNothing)
{
    QuirkBench bench{
        R"({"messages": 4, "replies_in": {"1": {"RETR 2": [], "RETR 3": [], "RETR 4": []}}})"};
    bench.delete_once_stored();
    bench.limits.reply_time_max = std::chrono::seconds{2};
    const auto all = QuirkBench::contents_of(bench.server.script());
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(bench.contents(), all);
    EXPECT_TRUE(bench.server.script().messages.empty());
}

TEST(Pop3Quirk, Q04_RepliesThatAreSwallowedGiveNoMessageTheContentOfAnother)
{
    // All of one size, so that no octet count tells: each request gets the message behind.
    QuirkBench bench{R"({"messages": 5, "replies_in": {"1": {"RETR 2": ""}}})"};
    bench.delete_once_stored();
    bench.limits.reply_time_max = std::chrono::milliseconds{300};
    const auto all = QuirkBench::contents_of(bench.server.script());
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    const auto ours = bench.contents();
    for (const auto& content : all) {
        EXPECT_TRUE(std::ranges::binary_search(ours, content)) << content;
    }
    EXPECT_TRUE(bench.server.script().messages.empty());
}

TEST(Pop3Quirk, Q05_EveryFormOfAChallengeIsAnswered)
{
    for (const auto* const challenge :
         {"+ \r\n", "+\r\n", "+OK\r\n", "+OK go ahead\r\n", "+ VGV4dA==\r\n", "+ please\r\n"}) {
        QuirkBench bench{R"({"messages": 1, "capabilities": ["SASL PLAIN", "UIDL"]})"};
        bench.server.change([&](Pop3Script& script) { script.replies["AUTH PLAIN"] = challenge; });
        const auto report = bench.poll();
        EXPECT_TRUE(report.is_complete()) << challenge << error_of(report);
        EXPECT_EQ(report.link.mechanism, "PLAIN");
    }
}

TEST(Pop3Quirk, Q06_ASecretLongerThanACommandGoesInAnswerToAChallenge)
{
    QuirkBench bench{R"({"messages": 1, "capabilities": ["SASL PLAIN", "AUTH-RESP-CODE"]})"};
    bench.password = std::string(4'000, 'x');
    bench.server.change([&](Pop3Script& script) { script.password = bench.password; });
    EXPECT_TRUE(bench.poll().is_complete());
    const auto commands = bench.server.script().commands;
    EXPECT_EQ(commands.at(1), "AUTH PLAIN");
    EXPECT_GT(commands.at(2).size(), 5'000U);
}

TEST(Pop3Quirk, Q06_AnEmptyLineBeforeAReplyIsPassedOver)
{
    QuirkBench bench{R"({"messages": 3, "replies": {"DELE": ["\r\n", {"do": "usual"}]}})"};
    bench.delete_once_stored();
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(report.deleted, 3U);
    EXPECT_TRUE(bench.server.script().messages.empty());
}

TEST(Pop3Quirk, Q13_UidsAreAskedForAllAtOnceAndJoinedByTheirNumbers)
{
    QuirkBench bench{R"({"messages": 3, "replies": {
        "UIDL": "+OK\r\n3 c\r\n1 a\r\n2 b\r\n.\r\n", "LIST": "+OK\r\n2 22\r\n3 22\r\n1 22\r\n.\r\n"}})"};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.server.script().count_of("UIDL "), 0U); // never for one number
    for (const auto& item : bench.items()) {
        const std::string number{static_cast<char>('1' + (item.uid.at(0) - 'a'))};
        EXPECT_TRUE(item.content.starts_with("Subject: u" + number)) << item.uid;
    }
}

TEST(Pop3Quirk, Q14_TopIsNeverUsed)
{
    QuirkBench bench{R"({"messages": 3, "capabilities": ["TOP", "UIDL", "PIPELINING"]})"};
    bench.delete_once_stored();
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_FALSE(bench.server.script().has_seen("TOP"));
}

TEST(Pop3Quirk, Q28_AStampInTheGreetingIsNoReasonToUseApop)
{
    for (const auto* const stamp :
         {"<1896.697170952@dbc.mtview.ca.us>", "x <1@a> y", "<>", "<a\xffz@x>", "<@"}) {
        QuirkBench bench{R"({"messages": 1})"};
        bench.server.change([&](Pop3Script& script) {
            script.greeting = "+OK ready " + std::string{stamp} + "\r\n";
        });
        EXPECT_TRUE(bench.poll().is_complete()) << stamp;
        EXPECT_FALSE(bench.server.script().has_seen("APOP"));
    }
}

TEST(Pop3Quirk, Q31_WhatDoesNotEndIsCutAtItsLimit)
{
    for (const auto* const reply :
         {R"({"greeting": [{"repeat": ["+OK endless ", 100000]}]})",
          R"({"replies": {"CAPA": ["+OK\r\n", {"repeat": ["X\r\n", 100000]}]}})",
          R"({"replies": {"CAPA": ["+OK\r\n", {"repeat": ["X", 1000000]}]}})",
          R"({"messages": 3, "replies": {"UIDL": ["+OK\r\n", {"repeat": ["1 x\r\n", 1000001]}]}})",
          R"({"messages": 3, "replies": {"LIST": ["+OK\r\n1 ", {"repeat": ["9", 1000000]}]}})"}) {
        QuirkBench bench{reply};
        const auto report = bench.poll();
        ASSERT_TRUE(report.error) << reply;
        EXPECT_EQ(report.error->code(), ErrorCode::limit_exceeded) << error_of(report);
        EXPECT_LT(error_of(report).size(), 400U);
    }
}

TEST(Pop3Quirk, Q31_ListingsOfFewLinesAndEndlessOctetsAreCutAtTheirLimit)
{
    for (const std::string verb : {"UIDL", "LIST"}) {
        QuirkBench bench{R"({"messages": 3})"};
        bench.server.change([&](Pop3Script& script) {
            const std::string line = "1 " + std::string(1'000, '7') + "\r\n";
            std::string octets = "+OK\r\n";
            while (octets.size() < pop3::listing_bytes_max * 101 / 100) {
                octets += line;
            }
            script.replies[verb] = octets;
        });
        const auto report = bench.poll();
        ASSERT_TRUE(report.error) << verb;
        EXPECT_EQ(report.error->code(), ErrorCode::limit_exceeded) << error_of(report);
        EXPECT_FALSE(bench.server.script().has_seen("RETR"));
    }
}

TEST(Pop3Quirk, Q31_RefusalsWithoutEndEndTheSession)
{
    QuirkBench bench{R"({"messages": 1000, "replies": {"RETR": "-ERR no\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_TRUE(contains(error_of(report), "gives out no message")) << error_of(report);
    EXPECT_LE(report.refused, bench.limits.refusals_in_row_max +
                                  bench.limits.window_commands_max); // asked for by then
    EXPECT_TRUE(bench.server.script().has_seen("QUIT"));
}

TEST(Pop3Quirk, Q31_ABodyThatDoesNotEndIsCutAtTheSizeLimit)
{
    QuirkBench bench{R"({"messages": [{"uid": "u1", "content": "x", "announced": "10"},
                                      {"uid": "u2", "content": "Subject: fine\r\n"}],
        "replies": {"RETR 1": ["+OK\r\n", {"repeat": ["endless\r\n", 200000]}]}})"};
    bench.settings.message_bytes_max = 1'000;
    bench.limits.drain_bytes_max = 10'000;
    const auto report = bench.poll();
    EXPECT_EQ(report.too_large, 1U);
    EXPECT_EQ(report.collected, 1U); // the one behind it, too
}

TEST(Pop3Quirk, Q31_EscapesInRepliesAreQuotedWhereverTheyAreShown)
{
    QuirkBench bench{R"({"messages": 2, "greeting": "+OK \u001b[2J\r\n",
                         "replies": {"RETR 1": "-ERR \u001b]0;owned\u0007\r\n"}})"};
    const auto report = bench.poll();
    EXPECT_EQ(notes_of(report).find('\x1b'), std::string::npos);
    EXPECT_TRUE(contains(notes_of(report), "\\x1b]0;owned"));
}

} // namespace
} // namespace watchpost::test
