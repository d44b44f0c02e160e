// Log-ins of `watchpost check pop3` at a real Dovecot, each mechanism by name and of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

/// "secret", as `doveadm pw -s SHA512-CRYPT` stores it.
constexpr const char* hashed =
    "$6$vhvuO.C0kjt46WzS$fyZpZIVNn/"
    "FqprsVq1EbjyymVZgOnPohQv0sfrWArAJ10QyFYgimeb3sm5pgERQ6waKyEAxBFzPg6Y"
    "AX0LtYL.";

class CollectLogIn : public testing::Test {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        DovecotOptions options;
        options.users = {{"alice", "secret"}, {"bob", hashed, "CRYPT"}};
        options.configuration = "auth_mechanisms = plain login cram-md5 apop scram-sha-1 "
                                "scram-sha-256 xoauth2 oauthbearer\n"
                                // Else it keeps whoever was refused waiting, by address.
                                "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode "
                                "= 0\n  }\n}";
        dovecot = std::make_unique<Dovecot>(options);
    }

    [[nodiscard]] ProgramResult check(const std::vector<std::string>& more,
                                      const std::string& user = "alice",
                                      const std::string& password = "secret") const
    {
        std::vector<std::string> words{watchpost_program(),
                                       "check",
                                       "pop3",
                                       "--user",
                                       user,
                                       "--password-file",
                                       folder.write("password", password),
                                       "--server",
                                       "localhost",
                                       "--ca",
                                       dovecot->certificate().certificate};
        words.insert(words.end(), more.begin(), more.end());
        return run_program(words);
    }
    [[nodiscard]] ProgramResult check_tls(std::vector<std::string> more,
                                          const std::string& user = "alice",
                                          const std::string& password = "secret") const
    {
        more.insert(more.begin(), {"--port", std::to_string(dovecot->tls_port())});
        return check(more, user, password);
    }

    std::unique_ptr<Dovecot> dovecot;
    TempDir folder;
};

TEST_F(CollectLogIn, EveryMechanismThatDovecotHasLogsIn)
{
    const std::pair<const char*, const char*> rows[]{{"auto", "SCRAM-SHA-256"},
                                                     {"user-pass", "USER"},
                                                     {"plain", "PLAIN"},
                                                     {"login", "LOGIN"},
                                                     {"cram-md5", "CRAM-MD5"},
                                                     {"apop", "APOP"},
                                                     {"scram-sha-1", "SCRAM-SHA-1"},
                                                     {"scram-sha-256", "SCRAM-SHA-256"},
                                                     {"xoauth2", "XOAUTH2"},
                                                     {"oauthbearer", "OAUTHBEARER"}};
    for (const auto& [word, name] : rows) {
        const auto result = check_tls({"--auth", word});
        EXPECT_EQ(result.exit_code, 0) << word << result.out << result.err << dovecot->log();
        EXPECT_THAT(result.out, HasSubstr("by " + std::string{name} + "\n"));
    }
}

TEST_F(CollectLogIn, InClearTheStrongestIsChosenToo)
{
    const auto result = check({"--port", std::to_string(dovecot->port()), "--tls", "none"});
    EXPECT_THAT(result.out, HasSubstr("by SCRAM-SHA-256\n"));
}

TEST_F(CollectLogIn, WhereOnlyAHashIsStoredPlainFollowsAndIsToldOf)
{
    const auto result = check_tls({}, "bob");
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err << dovecot->log();
    EXPECT_THAT(result.out, HasSubstr("by PLAIN; the server announces SCRAM-SHA-256, SCRAM-SHA-1 "
                                      "and refuses"));
}

TEST_F(CollectLogIn, AWrongPasswordIsToldAsSuchByEveryMechanism)
{
    for (const auto* word : {"auto", "plain", "cram-md5", "scram-sha-1", "scram-sha-256", "apop",
                             "xoauth2", "oauthbearer"}) {
        const auto result = check_tls({"--auth", word}, "alice", "wrong");
        EXPECT_EQ(result.exit_code, 2) << word;
        EXPECT_THAT(result.out, HasSubstr("FAILED  log-in:"));
        EXPECT_THAT(result.out, HasSubstr("check user name and")) << word;
    }
}

TEST_F(CollectLogIn, AMechanismThatItDoesNotHaveIsToldWithThoseThatItHas)
{
    const auto result = check_tls({"--auth", "scram-sha-256-plus"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, HasSubstr("the log-in is set to SCRAM-SHA-256-PLUS"));
    EXPECT_THAT(result.out, HasSubstr("CRAM-MD5"));
}

TEST_F(CollectLogIn, WhatCannotBeIsRefusedBeforeAnythingIsSent)
{
    EXPECT_THAT(check_tls({"--auth", "scram"}).err, HasSubstr("none of auto, user-pass"));
    EXPECT_THAT(check({"--tls", "none", "--auth", "xoauth2"}).err,
                HasSubstr("A token is never sent in clear"));
}

} // namespace
} // namespace watchpost::test
