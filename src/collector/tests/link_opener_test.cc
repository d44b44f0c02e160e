// TLS modes, log-in and what is told of each step.
#include <gtest/gtest.h>

#include "collector/connection_test.h"
#include "collector/login_pause.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;
using test::PollBench;
using test::script_of;

constexpr std::size_t not_seen = static_cast<std::size_t>(-1);

std::size_t position(const PollBench& bench, std::string_view command)
{
    const auto& commands = bench.script.commands;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (commands[i].starts_with(command)) {
            return i;
        }
    }
    return not_seen;
}

bool has_sent_credentials(const PollBench& bench)
{
    return bench.script.has_seen("USER") || bench.script.has_seen("PASS") ||
           bench.script.has_seen("AUTH");
}

void set_stls(PollBench& bench)
{
    bench.settings.tls_mode = TlsMode::stls;
    bench.script.replies["STLS"] = "+OK begin\r\n";
}

TEST(LinkTls, StlsComesBeforeTheCredentialsAndCapaIsAskedAgain)
{
    PollBench bench{script_of(1)};
    set_stls(bench);
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.transport.handshakes, 1U);
    const std::vector<std::string> first(bench.script.commands.begin(),
                                         bench.script.commands.begin() + 6);
    EXPECT_EQ(first, (std::vector<std::string>{"CAPA", "STLS", "CAPA", "USER alice", "PASS secret",
                                               "CAPA"}));
}

TEST(LinkTls, ARefusedStlsNeverFallsBackToClearText)
{
    PollBench bench{script_of(1)};
    set_stls(bench);
    bench.script.replies["STLS"] = "-ERR not here\r\n";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::tls_failed);
    EXPECT_FALSE(has_sent_credentials(bench));
}

TEST(LinkTls, AnAnnouncementThatWasCutOutDoesNotKeepUsFromStls)
{
    PollBench bench{script_of(1)};
    set_stls(bench);
    bench.script.capabilities = {"USER"};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.transport.handshakes, 1U);
}

TEST(LinkTls, WhatIsInjectedBehindTheStlsReplyEndsTheLinkBeforeTheHandshake)
{
    PollBench bench{script_of(1)};
    set_stls(bench);
    bench.script.replies["STLS"] = "+OK begin\r\n+OK\r\nPLAIN\r\n.\r\n";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::protocol_violation);
    EXPECT_EQ(bench.transport.handshakes, 0U);
    EXPECT_FALSE(has_sent_credentials(bench));
}

TEST(LinkTls, ARefusedCertificateSendsNoCredentials)
{
    for (const auto mode : {TlsMode::stls, TlsMode::implicit}) {
        PollBench bench{script_of(1)};
        set_stls(bench);
        bench.settings.tls_mode = mode;
        bench.transport.handshake_error =
            Error{ErrorCode::certificate_rejected, Retry::never, "expired"};
        const auto report = bench.poll();
        ASSERT_TRUE(report.error);
        EXPECT_EQ(report.error->describe(), "tls: certificate_rejected: expired");
        EXPECT_FALSE(has_sent_credentials(bench));
    }
}

TEST(LinkTls, ImplicitTlsComesBeforeTheGreeting)
{
    PollBench bench{script_of(1)};
    bench.settings.tls_mode = TlsMode::implicit;
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.transport.handshakes, 1U);
    EXPECT_EQ(position(bench, "STLS"), not_seen);
}

TEST(LinkGreeting, ASilentServerSuggestsImplicitTls)
{
    PollBench bench{script_of(1)};
    bench.script.greeting = "";
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::timed_out);
    EXPECT_NE(report.error->describe().find("\"implicit\""), std::string::npos);
}

TEST(LinkLogin, AWrongPasswordIsTriedOnceAPollAndTwiceInHalfAnHour)
{
    PollBench bench{script_of(1)};
    bench.password = "wrong";
    for (int i = 0; i < 5; ++i) {
        const auto report = bench.poll();
        ASSERT_TRUE(report.error);
        EXPECT_EQ(report.error->code(), ErrorCode::auth_rejected);
        EXPECT_FALSE(report.has_logged_in);
    }
    EXPECT_EQ(bench.script.connections, 2U);
}

TEST(LinkLogin, ThePauseSaysUntilWhenAndEnds)
{
    PollBench bench{script_of(1)};
    bench.password = "wrong";
    static_cast<void>(bench.poll());
    static_cast<void>(bench.poll());
    const auto paused = bench.poll();
    EXPECT_NE(paused.error->describe().find("next try after 2026-11-24T06:30:00Z"),
              std::string::npos);
    EXPECT_NE(paused.error->describe().find("--retry-login"), std::string::npos);
    bench.now += std::chrono::minutes{30};
    static_cast<void>(bench.poll());
    EXPECT_EQ(bench.script.connections, 3U);
}

TEST(LinkLogin, ThePauseNamesWhatWasRefusedAndIsToBeMended)
{
    const auto pause = [](std::optional<pop3::Mechanism> mechanism,
                          std::optional<TokenGrant> grant) {
        MailboxSettings settings;
        settings.authentication = mechanism;
        if (grant) {
            settings.tokens = TokenSettings{.grant = *grant};
        }
        const auto text = describe_login_pause(settings, base::Instant{});
        EXPECT_NE(text.find("this " + (grant ? "" : "user name and " + judged_by(settings))),
                  std::string::npos)
            << text;
        EXPECT_NE(text.find(judged_by(settings)), std::string::npos) << text;
        return judged_by(settings);
    };
    EXPECT_EQ(pause({}, {}), "password");
    EXPECT_EQ(pause(pop3::Mechanism::plain, {}), "password");
    EXPECT_EQ(pause(pop3::Mechanism::oauthbearer, {}), "token");
    EXPECT_EQ(pause(pop3::Mechanism::external, {}), "client certificate");
    EXPECT_EQ(pause(pop3::Mechanism::xoauth2, TokenGrant::refresh_token), "refresh token");
    EXPECT_EQ(pause(pop3::Mechanism::xoauth2, TokenGrant::client_credentials), "client secret");
}

TEST(LinkLogin, AChangedPasswordOrTheOperatorsWordIsTriedAtOnce)
{
    PollBench bench{script_of(1)};
    bench.password = "wrong";
    static_cast<void>(bench.poll());
    static_cast<void>(bench.poll());
    static_cast<void>(bench.poll(RefusedLogins::start_anew));
    EXPECT_EQ(bench.script.connections, 3U);
    bench.password = "secret";
    EXPECT_TRUE(bench.poll().is_complete());
}

TEST(LinkLogin, ABusyMaildropIsNoRefusedPassword)
{
    PollBench bench{script_of(1)};
    bench.script.replies["PASS"] = "-ERR [IN-USE] locked\r\n";
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(bench.poll().error->code(), ErrorCode::busy);
    }
    EXPECT_EQ(bench.script.connections, 4U);
}

TEST(LinkLogin, SaslPlainIsUsedWhereItIsAnnounced)
{
    PollBench bench{script_of(1)};
    bench.script.capabilities = {"SASL PLAIN", "UIDL"};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete());
    EXPECT_EQ(report.link.mechanism, "PLAIN");
    EXPECT_FALSE(bench.script.has_seen("PASS"));
}

TEST(LinkLogin, ByLoginWhereThatIsAllThatIsAnnounced)
{
    PollBench bench{script_of(1)};
    bench.script.capabilities = {"SASL LOGIN", "UIDL"};
    bench.script.sasl = [](const std::string& line, const std::string&) {
        return std::string{line == "AUTH LOGIN" ? "+ VXNlcm5hbWU6"
                           : line == "YWxpY2U=" ? "+ UGFzc3dvcmQ6"
                           : line == "c2VjcmV0" ? "+OK"
                                                : "-ERR"};
    };
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete());
    EXPECT_EQ(report.link.mechanism, "LOGIN");
}

TEST(ConnectionTest, TellsWhatWasAnnouncedAndRefused)
{
    PollBench bench{script_of(1)};
    bench.script.capabilities = {"SASL CRAM-MD5 PLAIN", "UIDL"};
    bench.script.replies["AUTH CRAM-MD5"] = "-ERR unknown\r\n";
    const auto credentials = pop3::Credentials::make("alice", "secret").value();
    const auto test = test_connection(bench.transport, bench.settings, credentials, bench.limits);
    EXPECT_FALSE(test.error);
    EXPECT_EQ(describe_login(test.link), "by PLAIN; the server announces CRAM-MD5 and refuses it: "
                                         "choose PLAIN to spare it the attempt");
}

TEST(ConnectionTest, TellsEveryStepAndRetrievesNothing)
{
    PollBench bench{script_of(3)};
    bench.settings.tls_mode = TlsMode::implicit;
    const auto credentials = pop3::Credentials::make("alice", "secret").value();
    const auto test = test_connection(bench.transport, bench.settings, credentials, bench.limits);
    EXPECT_FALSE(test.error);
    std::string names;
    for (const auto& step : describe_steps(test)) {
        EXPECT_TRUE(step.has_passed) << step.name;
        names += step.name + " ";
    }
    EXPECT_EQ(names, "address TLS certificate capabilities log-in messages ");
    EXPECT_EQ(test.maildrop->count, 3U);
    EXPECT_FALSE(bench.script.has_seen("RETR"));
}

TEST(ConnectionTest, TheStepThatFailedIsTheLast)
{
    PollBench bench{script_of(3)};
    const auto credentials = pop3::Credentials::make("alice", "wrong").value();
    const auto test = test_connection(bench.transport, bench.settings, credentials, bench.limits);
    ASSERT_TRUE(test.error);
    const auto steps = describe_steps(test);
    EXPECT_EQ(steps.back().name, "log-in");
    EXPECT_FALSE(steps.back().has_passed);
    EXPECT_NE(steps.back().detail.find("wrong name or password"), std::string::npos);
}

} // namespace
} // namespace watchpost::collector
