// Log-ins with tokens that are fetched from a real token server, at a Dovecot that asks it about
// them.
#include "token_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;
using testing::Not;

using Tokens = TokenLogIn;

TEST_F(Tokens, ClientCredentialsLogInAndCollect)
{
    dovecot->deliver("alice", "1", mail("one"));
    const auto result = run("collect", client_credentials(client_secret));
    EXPECT_EQ(result.exit_code, 0) << result.err << dovecot->log();
    EXPECT_THAT(result.out, HasSubstr("1 message"));
    EXPECT_EQ(tokens->count("\"active\": true"), 1U);
}

TEST_F(Tokens, TestConnectionNamesTheToken)
{
    const auto result = run("check", client_credentials(client_secret));
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("token:        an access token was fetched"));
    EXPECT_THAT(result.out, HasSubstr("by XOAUTH2"));
}

TEST_F(Tokens, OauthbearerTakesThemToo)
{
    const auto result = run("check", client_credentials(client_secret), {}, "oauthbearer");
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err << dovecot->log();
    EXPECT_THAT(result.out, HasSubstr("by OAUTHBEARER"));
}

TEST_F(Tokens, TokensOfManyKilobytesGoIntoTheAnswerToAChallenge)
{
    tokens->order(R"({"token_bytes": 5000})");
    const auto result = run("check", client_credentials(client_secret));
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err << dovecot->log();
}

TEST_F(Tokens, AWrongClientSecretIsToldByTheStepAndTheServersWords)
{
    const auto result = run("check", client_credentials("wrong"));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out,
                HasSubstr("FAILED  token:        the token end point localhost refuses the "
                          "client's credentials (status 401, invalid_client)"));
    EXPECT_THAT(result.out, HasSubstr("check client id and client secret"));
    EXPECT_EQ(tokens->count("introspect"), 0U);
}

TEST_F(Tokens, TheEndPointIsAskedTwiceInThirtyMinutesAndNoMoreWhereItRefuses)
{
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(run("collect", client_credentials("wrong")).exit_code, 2);
    }
    EXPECT_EQ(tokens->count("/token"), 2U);
    const auto result = run("collect", client_credentials("wrong"));
    EXPECT_THAT(result.err, HasSubstr("not tried"));
    EXPECT_EQ(run("collect", client_credentials(client_secret)).exit_code, 0); // another secret
}

TEST_F(Tokens, ARefreshTokenLogsInAndStaysWhereTheServerDoesNotRotate)
{
    const auto result = run("collect", refresh());
    EXPECT_EQ(result.exit_code, 0) << result.err << dovecot->log();
    EXPECT_EQ(refresh_token(), "first-refresh-token\n");
}

TEST_F(Tokens, ARotatedOneIsInItsFileBeforeTheNextRun)
{
    tokens->order(R"({"rotates": true})");
    for (int i = 0; i < 3; ++i) {
        const auto before = refresh_token();
        const auto result = run(i == 1 ? "check" : "collect", refresh());
        EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
        EXPECT_NE(refresh_token(), before);
    }
}

TEST_F(Tokens, AClientWithASecretSendsItWithTheRefreshToken)
{
    write_refresh_token("confidential-refresh-token");
    auto words = refresh();
    words.at(7) = "confidential";
    words.insert(words.end(), {"--client-secret-file", folder.write("secret", "c0nf\n")});
    const auto result = run("check", words);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_EQ(tokens->count("\"secret\": true"), 1U);
}

TEST_F(Tokens, ARevokedRefreshTokenAsksForANewDeviceCode)
{
    tokens->order(R"({"revoked": true})");
    const auto result = run("collect", refresh());
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("fetch token: auth_rejected: the token end point localhost "
                                      "refuses the refresh token (status 400, invalid_grant)"));
    EXPECT_THAT(result.err, HasSubstr("get a new one by device code"));
}

TEST_F(Tokens, ATokenThatTheMailServerRefusesCountsAsARefusal)
{
    tokens->order(R"({"voided_up_to": 1000})");
    const auto result = run("check", client_credentials(client_secret));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, HasSubstr("FAILED  log-in:"));
    EXPECT_THAT(result.out, HasSubstr("the provider lets the application read it"));
    EXPECT_EQ(tokens->count("introspect"), 1U); // it was fresh: not fetched anew
}

struct Trouble {
    const char* order;
    const char* words;
};

TEST_F(Tokens, TroubleOfTheEndPointIsNeverCalledAWrongSecretAndNeverCounts)
{
    const Trouble troubles[]{{"503", "cannot answer now (status 503"},
                             {"garbage", "holds no access token"},
                             {"giant", "larger than 64 KiB"},
                             {"redirect", "does not answer as a token end point (status 307)"},
                             {"cut", "connection_lost"}};
    for (const auto& [order, expected] : troubles) {
        tokens->order("{\"trouble\": \"" + std::string{order} + "\"}");
        const auto result = run("collect", refresh());
        EXPECT_EQ(result.exit_code, 2) << order;
        EXPECT_THAT(result.err, HasSubstr("fetch token: ")) << order;
        EXPECT_THAT(result.err, HasSubstr(expected)) << order;
        EXPECT_THAT(result.err, Not(HasSubstr("auth_rejected"))) << order;
    }
    tokens->order("{}");
    EXPECT_EQ(run("collect", refresh()).exit_code, 0);
}

TEST_F(Tokens, AnEndPointWhoseCertificateIsNotTrustedGetsNoSecret)
{
    auto words = refresh();
    words.at(5) = dovecot->certificate().certificate; // another CA
    const auto result = run("check", words, {"--certificate", "any"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.out, HasSubstr("FAILED  token:        the token end point localhost"));
    EXPECT_THAT(result.out, HasSubstr("policy \"trusted\""));
    EXPECT_EQ(tokens->count("/token"), 0U);
}

TEST_F(Tokens, PlainHttpIsRefusedBeforeAnythingIsSent)
{
    auto words = refresh();
    words.at(3) = "http://localhost/token";
    EXPECT_THAT(run("check", words).err, HasSubstr("has to begin with https://"));
}

} // namespace
} // namespace watchpost::test
