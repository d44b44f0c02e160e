// `watchpost check pop3`: "Test connection" from the shell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"
#include "pop3_server/server.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

ProgramResult check(const TempDir& folder, const std::vector<std::string>& more,
                    const std::string& password = "secret")
{
    const auto file = folder.write("password", password);
    std::vector<std::string> words{watchpost_program(), "check", "pop3", "--user", "alice",
                                   "--password-file",   file};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
}

TEST(CheckPop3, ShowsEveryStepOfAGoodConnectionAndRetrievesNothing)
{
    if (!Dovecot::is_installed()) {
        GTEST_SKIP() << "dovecot-pop3d is not installed";
    }
    const Dovecot dovecot;
    dovecot.deliver("alice", "1", mail("one"));
    const TempDir folder;
    const auto result =
        check(folder, {"--server", "localhost", "--port", std::to_string(dovecot.tls_port()),
                       "--ca", dovecot.certificate().certificate});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    for (const auto* step : {"address:      127.0.0.1: connected", "TLS:          TLSv1.3, ",
                             "certificate:  CN = server",
                             "capabilities: ", "log-in:       by PLAIN", "messages:     1, "}) {
        EXPECT_THAT(result.out, HasSubstr(step));
    }
    EXPECT_THAT(result.out, HasSubstr(fingerprint_of(dovecot.certificate().certificate)));
    EXPECT_EQ(result.out.find("FAILED"), std::string::npos);
}

TEST(CheckPop3, ShowsTheChainAndTheReasonWhereTheCertificateFails)
{
    if (!Dovecot::is_installed()) {
        GTEST_SKIP() << "dovecot-pop3d is not installed";
    }
    const Dovecot dovecot;
    const TempDir folder;
    const auto result =
        check(folder, {"--server", "localhost", "--port", std::to_string(dovecot.tls_port())});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, HasSubstr(fingerprint_of(dovecot.certificate().certificate)));
    EXPECT_THAT(result.out, HasSubstr("FAILED  TLS:"));
    EXPECT_THAT(result.out, HasSubstr("self-signed"));
}

TEST(CheckPop3, AWrongPasswordFailsAtTheLogin)
{
    ScriptedPop3Server server{Pop3Script{}};
    const TempDir folder;
    const auto result = check(
        folder, {"--server", "127.0.0.1", "--port", std::to_string(server.port()), "--tls", "none"},
        "wrong");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, HasSubstr("FAILED  log-in:"));
    EXPECT_EQ(server.script().connections, 1U);
}

TEST(CheckPop3, TellsTheSameAsJson)
{
    ScriptedPop3Server server{Pop3Script{}};
    const TempDir folder;
    const auto result = check(folder, {"--server", "127.0.0.1", "--port",
                                       std::to_string(server.port()), "--tls", "none", "--json"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, HasSubstr(R"("tls":null)"));
    EXPECT_THAT(result.out, HasSubstr(R"("messages":0)"));
    EXPECT_FALSE(server.script().has_seen("RETR"));
}

TEST(CheckPop3, AnotherThingToCheckIsToldHow)
{
    const auto result = run_program({watchpost_program(), "check", "imap"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("watchpost check pop3"));
}

} // namespace
} // namespace watchpost::test
