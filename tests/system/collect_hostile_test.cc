// `watchpost collect` against servers that break off, lie and babble.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "collect_fixture.h"
#include "pop3_server/server.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

Pop3Script script_of(int count)
{
    Pop3Script script;
    for (int i = 1; i <= count; ++i) {
        const auto name = std::to_string(i);
        script.messages.push_back({"u" + name, with_crlf(mail(name)), {}, {}});
    }
    return script;
}

TEST(CollectHostile, AServerThatClosesInMidMessageLosesNothing)
{
    auto script = script_of(6);
    script.octets_max = 700;
    script.capabilities = {"UIDL"}; // with requests ahead it would be tried once more by itself
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto broken = collecting.run_clear(server.port());
    EXPECT_EQ(broken.exit_code, 1);
    EXPECT_THAT(broken.err, HasSubstr("connection_lost"));
    EXPECT_THAT(broken.out, HasSubstr("left"));
    const auto kept = collecting.stored().size();
    EXPECT_GT(kept, 0U);
    server.change([](Pop3Script& now) { now.octets_max.reset(); });
    EXPECT_EQ(collecting.run_clear(server.port()).exit_code, 0);
    const auto stored = collecting.stored();
    ASSERT_EQ(stored.size(), 6U);
    for (const auto& message : stored) {
        EXPECT_EQ(message.content, with_crlf(mail(message.uid.substr(1)))) << message.uid;
    }
}

TEST(CollectHostile, ALieAboutSizesIsFlaggedOrRecordedAndLosesNothing)
{
    auto script = script_of(3);
    script.messages[0].announced = "100000";
    script.messages[1].announced = "1";
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto result = collecting.run_clear(server.port(), {"--delete", "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(R"("short_of_announced":1,"longer_than_announced":1)"));
    EXPECT_EQ(collecting.stored().size(), 3U);
    const auto left = server.script().messages;
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].uid, "u1");
}

TEST(CollectHostile, ALieAboutTheSizeDoesNotGetAroundTheLimitAndIsRecordedOnce)
{
    auto script = script_of(0);
    script.messages.push_back({"liar", with_crlf(mail("big", 50'000)), "10", {}});
    ScriptedPop3Server server{script};
    const Collecting collecting;
    EXPECT_EQ(collecting.run_clear(server.port(), {"--max-bytes", "1000"}).exit_code, 1);
    EXPECT_EQ(collecting.run_clear(server.port(), {"--max-bytes", "1000"}).exit_code, 0);
    ASSERT_EQ(collecting.stored().size(), 1U);
    EXPECT_EQ(collecting.stored()[0].completeness, spool::Completeness::too_large);
    EXPECT_EQ(collecting.run_clear(server.port(), {"--max-bytes", "100000"}).exit_code, 0);
    EXPECT_EQ(collecting.stored().size(), 2U);
}

TEST(CollectHostile, GarbageIsQuotedAndSendsNoEscapesToTheTerminal)
{
    auto script = script_of(2);
    script.replies["RETR 2"] = "\x1b]0;owned\x07\x1b[2J\r\n";
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto result = collecting.run_clear(server.port());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
    EXPECT_THAT(result.err, HasSubstr("\\x1b[2J"));
    EXPECT_EQ(collecting.stored().size(), 1U);
}

TEST(CollectHostile, AnotherProtocolIsNoPop3Server)
{
    Pop3Script script;
    script.greeting = "220 mail.example ESMTP\r\n";
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto result = collecting.run_clear(server.port());
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("220 mail.example ESMTP"));
}

TEST(CollectHostile, AnEndlessLineHitsItsLimit)
{
    Pop3Script script;
    script.greeting = "+OK " + std::string(1'000'000, 'x');
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto result = collecting.run_clear(server.port());
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("limit_exceeded"));
}

TEST(CollectHostile, WhatIsInjectedBehindStlsEndsTheLinkBeforeAnyPassword)
{
    auto script = script_of(1);
    script.replies["STLS"] = "+OK begin\r\n+OK\r\nPLAIN\r\n.\r\n";
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto result =
        collecting.run({"--server", "127.0.0.1", "--port", std::to_string(server.port()), "--tls",
                        "stls", "--certificate", "any"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("tampering"));
    EXPECT_FALSE(server.script().has_seen("USER"));
    EXPECT_FALSE(server.script().has_seen("AUTH"));
}

TEST(CollectHostile, AServerWithoutStlsGetsNoPasswordInClear)
{
    ScriptedPop3Server server{script_of(1)};
    const Collecting collecting;
    const auto result =
        collecting.run({"--server", "127.0.0.1", "--port", std::to_string(server.port()), "--tls",
                        "stls", "--certificate", "any"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("nothing is sent in clear"));
    EXPECT_EQ(server.script().commands, (std::vector<std::string>{"CAPA", "STLS"}));
}

TEST(CollectHostile, ASilentServerEndsAtTheDeadline)
{
    auto script = script_of(2);
    script.replies["RETR 2"] = "";
    ScriptedPop3Server server{script};
    const Collecting collecting;
    const auto result = collecting.run_clear(server.port(), {"--timeout", "1"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("timed_out"));
    EXPECT_THAT(result.err, HasSubstr("the reply to RETR 2"));
    EXPECT_EQ(collecting.stored().size(), 1U);
}

/// A poll that waits for the reply to RETR 2, which does not come.
class StuckPoll {
public:
    explicit StuckPoll(const Collecting& collecting)
        : server_{silent_at_the_second()}
        , program_{collecting.words({"--server", "127.0.0.1", "--port",
                                     std::to_string(server_.port()), "--tls", "none"}),
                   collecting.folder() / "log"}
    {
        while (!server_.script().has_seen("RETR 2")) { // the test's own time limit ends it
            std::this_thread::yield();
        }
    }

    BackgroundProgram& program() { return program_; }

private:
    static Pop3Script silent_at_the_second()
    {
        auto script = script_of(2);
        script.replies["RETR 2"] = "";
        return script;
    }

    ScriptedPop3Server server_;
    BackgroundProgram program_;
};

TEST(CollectHostile, ASignalEndsThePollAndKeepsWhatWasRead)
{
    const Collecting collecting;
    StuckPoll poll{collecting};
    poll.program().send_signal(SIGTERM);
    const int status = poll.program().wait();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 1);
    EXPECT_THAT(read_file(collecting.folder() / "log"), HasSubstr("cancelled"));
    EXPECT_LE(collecting.stored().size(), 1U);
}

TEST(CollectHostile, ASpoolThatAnotherPollHoldsIsNamed)
{
    const Collecting collecting;
    const StuckPoll poll{collecting};
    const auto result = collecting.run_clear(1);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("open the spool: busy"));
}

TEST(CollectHostile, AServerWithoutUidlIsCollectedOnce)
{
    auto script = script_of(3);
    script.replies["UIDL"] = "-ERR unknown command\r\n";
    ScriptedPop3Server server{script};
    const Collecting collecting;
    EXPECT_EQ(collecting.run_clear(server.port()).exit_code, 0);
    const auto again = collecting.run_clear(server.port());
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_THAT(again.err, HasSubstr("has no UIDL"));
    EXPECT_EQ(collecting.stored().size(), 3U);
}

} // namespace
} // namespace watchpost::test
