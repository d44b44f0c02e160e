// Quirks of docs/pop3-servers.md that lie in how sessions begin, break and end.
#include <gtest/gtest.h>

#include "collector/step_report.h"
#include "quirk_bench.h"

namespace watchpost::test {
namespace {

using base::ErrorCode;
using base::Retry;

TEST(Pop3Quirk, Q20_AnUnaskedRefusalBehindTheLoginIsTheReasonThatIsTold)
{
    for (const bool comes_later : {false, true}) {
        QuirkBench bench{R"({"messages": 1})"};
        bench.server.change([&](Pop3Script& script) {
            auto& steps = script.replies["PASS"].steps;
            steps = {{Step::Kind::usual},
                     {Step::Kind::say, "-ERR [SYS/TEMP] Internal error, mailbox is corrupt\r\n"},
                     {Step::Kind::close}};
            if (comes_later) {
                steps.insert(steps.begin() + 1, {Step::Kind::pause});
            }
        });
        const auto report = bench.poll();
        ASSERT_TRUE(report.error);
        EXPECT_TRUE(contains(error_of(report), "mailbox is corrupt")) << error_of(report);
        EXPECT_EQ(report.error->retry(), Retry::later);
        EXPECT_EQ(report.link.refusals, 0U); // no word against the password
        EXPECT_EQ(report.link.trouble, pop3::Trouble::temporary);
    }
}

TEST(Pop3Quirk, Q22_WhatQuitDoesNotConfirmIsPendingAndDeletedAgainWithoutFetching)
{
    QuirkBench bench{R"({"messages": 3, "replies_in": {"1": {
        "QUIT": ["-ERR some messages could not be deleted\r\n", {"do": "close"}]}}})"};
    bench.delete_once_stored();
    const auto first = bench.poll();
    EXPECT_EQ(first.collected, 3U);
    EXPECT_EQ(first.delete_pending, 3U);
    EXPECT_TRUE(contains(error_of(first), "could not be deleted"));
    for (const auto& item : bench.items()) {
        EXPECT_EQ(item.source, spool::SourceState::delete_pending);
    }
    const auto second = bench.poll();
    EXPECT_EQ(second.fetched, 0U);
    EXPECT_EQ(second.deleted, 3U);
    EXPECT_EQ(bench.contents().size(), 3U);
    EXPECT_TRUE(bench.server.script().messages.empty());
}

/// What it gave out to the end it never lists again: what came is ours, and the rest is still
/// there.
TEST(Pop3Quirk, Q23_WhatAServerHidesOnceItWasFetchedIsOursWhereverTheLinkBreaks)
{
    for (const bool pipelines : {true, false}) {
        std::size_t hidden_by_cuts = 0;
        for (std::size_t octets = 0; octets < 420; octets += 7) {
            SCOPED_TRACE(octets);
            QuirkBench bench{R"({"messages": 4, "hides_retrieved": true})"};
            bench.server.change([&](Pop3Script& script) {
                script.octets_max = octets;
                script.capabilities = {"UIDL", pipelines ? "PIPELINING" : "X-NOTHING"};
            });
            const auto whole = bench.server.script();
            static_cast<void>(bench.poll());
            expect_nothing_lost(bench, whole);
            hidden_by_cuts += whole.messages.size() - bench.server.script().messages.size();
            bench.server.change([](Pop3Script& script) { script.octets_max.reset(); });
            EXPECT_TRUE(bench.poll().is_complete());
            EXPECT_EQ(bench.contents(), QuirkBench::contents_of(whole));
        }
        EXPECT_GT(hidden_by_cuts, 8U); // what is under way at a cut may be lost with it
    }
}

TEST(Pop3Quirk, Q23_TheUserNameThatShowsRecentMailIsSentAsItIs)
{
    QuirkBench bench{R"({"messages": 1, "user": "recent:alice@example.org"})"};
    bench.settings.user = "recent:alice@example.org";
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_TRUE(bench.server.script().has_seen("USER recent:alice@example.org"));
}

/// "Test connection" against a server that greets so.
std::string test_text(const std::string& greeting, const std::string& user)
{
    QuirkBench bench{R"({"messages": 2})"};
    bench.server.change([&](Pop3Script& script) {
        script.greeting = greeting;
        script.user = user;
    });
    bench.settings.user = user;
    const auto cancellation = net::Cancellation::make().value();
    const auto transport =
        collector::NetTransport::make(bench.settings, bench.limits, *cancellation).value();
    collector::Integration integration;
    integration.settings = bench.settings;
    const auto test = collector::test_connection(
        *transport, bench.settings, pop3::Credentials::make(user, "secret").value(), bench.limits);
    const auto report = collector::report_steps(test, integration);
    EXPECT_TRUE(report.is_ok);
    return std::string{to_string(report.steps.back().outcome)} + " " + report.steps.back().text;
}

TEST(Pop3Quirk, Q23_TestConnectionTellsThatGmailHidesWhatWasFetched)
{
    const std::string gmail = "+OK Gpop ready for requests from 192.0.2.7 x\r\n";
    EXPECT_TRUE(contains(test_text(gmail, "alice"), "recent:alice"));
    EXPECT_FALSE(contains(test_text(gmail, "recent:alice"), "hides"));
}

TEST(Pop3Quirk, Q24_TestConnectionTellsThatJunkCannotBeSeen)
{
    for (const auto* const greeting :
         {"+OK Gpop ready for requests from 192.0.2.7 x\r\n",
          "+OK The Microsoft Exchange POP3 service is ready. [QUFB]\r\n"}) {
        const auto text = test_text(greeting, "alice");
        EXPECT_TRUE(text.starts_with("warning 2 messages")) << text;
        EXPECT_TRUE(contains(text, "switch junk filing off"));
    }
    EXPECT_TRUE(test_text("+OK Dovecot ready.\r\n", "alice").starts_with("ok 2 messages"));
}

TEST(Pop3Quirk, Q25_ABusyServerIsNoRefusedPasswordWhateverTellsSo)
{
    for (const auto* const reply :
         {"-ERR [IN-USE] x", "-ERR [LOGIN-DELAY] x", "-ERR [SYS/TEMP] x",
          "-ERR Unable to lock maildrop: Mailbox is locked by POP server",
          "-ERR login too frequent, please wait", "-ERR too many connections",
          "-ERR temporary authentication failure",
          "-ERR password server temporarily unavailable, try again"}) {
        QuirkBench bench{R"({"messages": 1})"};
        bench.server.change(
            [&](Pop3Script& script) { script.replies["PASS"] = std::string{reply} + "\r\n"; });
        for (int i = 0; i < 4; ++i) { // it may be tried as often as the schedule likes
            const auto report = bench.poll();
            ASSERT_TRUE(report.error) << reply;
            EXPECT_NE(report.error->code(), ErrorCode::auth_rejected) << reply;
            EXPECT_EQ(report.error->retry(), Retry::later) << reply;
            EXPECT_EQ(report.link.refusals, 0U) << reply;
        }
        EXPECT_EQ(bench.server.script().count_of("PASS"), 4U);
    }
}

TEST(Pop3Quirk, Q27_WhereMuchIsToBeDeletedSessionsAreShortSoThatDeletionsCount)
{
    QuirkBench bench{
        R"({"messages": 10, "capabilities": ["UIDL"], "replies_in": {"3": {"QUIT": {"do": "cut"}}}})"};
    bench.delete_once_stored();
    bench.limits.deletions_max = 3;
    const auto first = bench.poll();
    EXPECT_TRUE(first.error); // in the third session
    EXPECT_EQ(first.deleted, 6U);
    EXPECT_EQ(bench.server.script().messages.size(), 4U);
    const auto second = bench.poll();
    EXPECT_TRUE(second.is_complete()) << error_of(second);
    EXPECT_EQ(bench.contents().size(), 10U);
    EXPECT_TRUE(bench.server.script().messages.empty());
}

TEST(Pop3Quirk, Q27_ASessionThatTakesLongEndsSoThatItsDeletionsCount)
{
    QuirkBench bench{R"({"messages": 10, "capabilities": ["UIDL"],
        "replies": {"RETR": [{"do": "pause"}, {"do": "usual"}]}})"};
    bench.delete_once_stored();
    bench.limits.deletions_time_max = std::chrono::milliseconds{30}; // of ten pauses of 10 ms
    std::uint64_t polls = 0;
    std::uint64_t links = 0;
    for (; polls < 20 && !bench.server.script().messages.empty(); ++polls) {
        links += bench.poll().links;
    }
    EXPECT_GT(links, polls); // sessions that went on within a poll
    EXPECT_TRUE(bench.server.script().messages.empty());
    EXPECT_EQ(bench.contents().size(), 10U);
}

TEST(Pop3Quirk, Q27_AServerThatWantsPausesGetsOneSessionAPoll)
{
    QuirkBench bench{R"({"messages": 5, "capabilities": ["UIDL", "LOGIN-DELAY 300"]})"};
    bench.delete_once_stored();
    bench.limits.deletions_max = 2;
    EXPECT_EQ(bench.poll().deleted, 5U);
    EXPECT_EQ(bench.server.script().connections, 1U);
}

TEST(Pop3Quirk, Q27_ALinkThatIsClosedBeforeAllIsDeletedLosesOnlyTheDeletions)
{
    QuirkBench bench{R"({"messages": 5, "replies_in": {
        "1": {"DELE 3": {"do": "close"}}, "2": {"DELE 4": {"do": "close"}}}})"};
    bench.delete_once_stored();
    const auto first = bench.poll(); // pipelined, then once more without
    EXPECT_EQ(first.collected, 5U);
    EXPECT_TRUE(first.error);
    EXPECT_EQ(bench.server.script().messages.size(), 5U);
    const auto second = bench.poll();
    EXPECT_EQ(second.fetched, 0U);
    EXPECT_EQ(second.deleted, 5U);
    EXPECT_EQ(bench.contents().size(), 5U);
}

} // namespace
} // namespace watchpost::test
