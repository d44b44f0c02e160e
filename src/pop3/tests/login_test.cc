#include "pop3/login.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pop3/limits.h"

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;
using base::Retry;

constexpr std::string_view encoded = "AGFsaWNlAHNlY3JldA=="; // of "\0alice\0secret"

/// A log-in against a server that says one line at a time.
class Dialogue {
public:
    /// `capability_lines` are separated by commas.
    explicit Dialogue(std::string_view capability_lines, std::string password = "secret",
                      unsigned refusals_max = 2)
        : login_{Credentials::make("alice", std::move(password)).value(), refusals_max}
    {
        Capabilities capabilities;
        while (!capability_lines.empty()) {
            const auto end = std::min(capability_lines.find(','), capability_lines.size());
            capabilities.add(capability_lines.substr(0, end));
            capability_lines.remove_prefix(std::min(end + 1, capability_lines.size()));
        }
        static_cast<void>(reply("+OK"));
        login_.start(client_, capabilities);
    }

    std::string sent() { return client_.take_output(); }

    base::Result<Login::Progress> say(const std::string& line)
    {
        const auto event = reply(line);
        return login_.on_reply(client_, event);
    }

    Login& login() { return login_; }
    Client& client() { return client_; }

private:
    Event reply(const std::string& line)
    {
        text_ = line + "\r\n";
        auto input = base::as_bytes(text_);
        return client_.next(input).value();
    }

    Client client_;
    Login login_;
    std::string text_; // what the last event views
};

TEST(Pop3Login, UserAndPassWhereNothingIsAnnounced)
{
    Dialogue dialogue{""};
    EXPECT_EQ(dialogue.sent(), "USER alice\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::waiting);
    EXPECT_EQ(dialogue.sent(), "PASS secret\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
    EXPECT_EQ(dialogue.client().state(), Client::State::transaction);
    EXPECT_EQ(dialogue.login().mechanism(), "USER");
}

TEST(Pop3Login, PlainWithInitialResponseWhereRefusalsAreTold)
{
    Dialogue dialogue{"SASL PLAIN,AUTH-RESP-CODE"};
    EXPECT_EQ(dialogue.sent(), "AUTH PLAIN " + std::string{encoded} + "\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
    EXPECT_EQ(dialogue.login().mechanism(), "PLAIN");
}

TEST(Pop3Login, AServerThatOverlooksTheInitialResponseGetsItAgain)
{
    Dialogue dialogue{"SASL PLAIN,AUTH-RESP-CODE"};
    static_cast<void>(dialogue.sent());
    EXPECT_EQ(dialogue.say("+ ").value(), Login::Progress::waiting);
    EXPECT_EQ(dialogue.sent(), std::string{encoded} + "\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
}

class Pop3LoginChallenge : public testing::TestWithParam<const char*> {};

TEST_P(Pop3LoginChallenge, IsAnsweredInEveryFormSeenInTheField)
{
    Dialogue dialogue{"SASL PLAIN"};
    EXPECT_EQ(dialogue.sent(), "AUTH PLAIN\r\n");
    EXPECT_EQ(dialogue.say(GetParam()).value(), Login::Progress::waiting);
    EXPECT_EQ(dialogue.sent(), std::string{encoded} + "\r\n");
    EXPECT_EQ(dialogue.client().state(), Client::State::authorization);
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
}

INSTANTIATE_TEST_SUITE_P(All, Pop3LoginChallenge,
                         testing::Values("+", "+ ", "+ go on", "+OK", "+OK go on"));

TEST(Pop3Login, ALongPasswordGoesInAnswerToAChallengeSinceCommandsAreShort)
{
    Dialogue dialogue{"SASL PLAIN,AUTH-RESP-CODE", std::string(200, 'p')};
    EXPECT_EQ(dialogue.sent(), "AUTH PLAIN\r\n");
}

TEST(Pop3Login, WrongPasswordIsReportedAndNotRetried)
{
    Dialogue dialogue{"SASL PLAIN,AUTH-RESP-CODE,USER"};
    const auto result = dialogue.say("-ERR [AUTH] Authentication failed.");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::auth_rejected);
    EXPECT_EQ(result.error().retry(), Retry::never);
    EXPECT_EQ(dialogue.login().refusals(), 1U);
    static_cast<void>(dialogue.sent());
    EXPECT_EQ(dialogue.client().outstanding(), 0U);
}

TEST(Pop3Login, AMechanismThatIsAnnouncedAndRejectedFallsThroughToUser)
{
    Dialogue dialogue{"SASL PLAIN"};
    static_cast<void>(dialogue.sent());
    EXPECT_EQ(dialogue.say("-ERR unknown command").value(), Login::Progress::waiting);
    EXPECT_EQ(dialogue.sent(), "USER alice\r\n");
    EXPECT_EQ(dialogue.login().refusals(), 0U);
}

TEST(Pop3Login, ASecretRefusedInAnswerToAChallengeIsNotTriedAgainByUser)
{
    Dialogue dialogue{"SASL PLAIN,USER"};
    EXPECT_TRUE(dialogue.say("+"));
    const auto result = dialogue.say("-ERR no");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::auth_rejected);
    EXPECT_EQ(dialogue.login().refusals(), 1U);
}

TEST(Pop3Login, AnInitialResponseRefusedWithoutACodeFallsThroughOnlyWhileRefusalsAreLeft)
{
    Dialogue patient{"SASL PLAIN,AUTH-RESP-CODE", "secret", 2};
    EXPECT_EQ(patient.say("-ERR no").value(), Login::Progress::waiting);
    Dialogue careful{"SASL PLAIN,AUTH-RESP-CODE", "secret", 1};
    EXPECT_FALSE(careful.say("-ERR no"));
}

TEST(Pop3Login, RefusalsOfAllMechanismsAreCounted)
{
    Dialogue dialogue{"SASL PLAIN,AUTH-RESP-CODE"};
    EXPECT_TRUE(dialogue.say("-ERR no"));
    EXPECT_TRUE(dialogue.say("+OK"));
    EXPECT_FALSE(dialogue.say("-ERR no"));
    EXPECT_EQ(dialogue.login().refusals(), 2U);
}

class Pop3LoginLater : public testing::TestWithParam<const char*> {};

TEST_P(Pop3LoginLater, ABusyMaildropIsNoRefusedPassword)
{
    Dialogue dialogue{""};
    EXPECT_TRUE(dialogue.say("+OK"));
    const auto result = dialogue.say(GetParam());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().retry(), Retry::later);
    EXPECT_EQ(dialogue.login().refusals(), 0U);
}

INSTANTIATE_TEST_SUITE_P(All, Pop3LoginLater,
                         testing::Values("-ERR [IN-USE] x", "-ERR [LOGIN-DELAY] x",
                                         "-ERR [SYS/TEMP] x", "-ERR mailbox locked"));

TEST(Pop3Login, ANameRefusedBeforeThePasswordWasSentIsNoRefusedSecret)
{
    Dialogue dialogue{""};
    const auto result = dialogue.say("-ERR [AUTH] Plaintext authentication disallowed");
    ASSERT_FALSE(result);
    EXPECT_EQ(dialogue.login().refusals(), 0U);
}

TEST(Pop3Login, AServerThatAsksForMoreThanPlainHasIsRefused)
{
    Dialogue dialogue{"SASL PLAIN"};
    EXPECT_TRUE(dialogue.say("+"));
    const auto result = dialogue.say("+ more");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::protocol_violation);
}

TEST(Pop3Credentials, WhatWouldSmuggleACommandIsRefusedByName)
{
    using namespace std::string_literals;
    for (const auto& text :
         {"a\rb"s, "a\nb"s, "a\0b"s, std::string(credential_bytes_max + 1, 'x')}) {
        const auto user = Credentials::make(text, "x");
        ASSERT_FALSE(user);
        EXPECT_EQ(user.error().code(), ErrorCode::invalid_argument);
        EXPECT_TRUE(user.error().message().starts_with("the user name"));
        const auto password = Credentials::make("x", text);
        ASSERT_FALSE(password);
        EXPECT_TRUE(password.error().message().starts_with("the password"));
    }
    EXPECT_FALSE(Credentials::make("", "x"));
    EXPECT_TRUE(Credentials::make("\xd0\xb6", ""));
}

TEST(Pop3Credentials, Base64IsPaddedForEveryLength)
{
    EXPECT_EQ(Credentials::make("u", "").value().sasl_plain(), "AHUA");
    EXPECT_EQ(Credentials::make("u", "p").value().sasl_plain(), "AHUAcA==");
    EXPECT_EQ(Credentials::make("u", "pq").value().sasl_plain(), "AHUAcHE=");
}

} // namespace
} // namespace watchpost::pop3
