#include "pop3/login.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/base64.h"
#include "pop3/limits.h"

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;
using base::Retry;

constexpr std::string_view encoded = "AGFsaWNlAHNlY3JldA=="; // of "\0alice\0secret"

// Of SCRAM-SHA-256 by "alice" with "secret" and the nonce "clientnonce"; see sasl_scram_test.cc.
const std::string server_first = "r=clientnonceservernonce,s=MDEyMzQ1Njc4OWFiY2RlZg==,i=4096";
const std::string proof =
    "c=biws,r=clientnonceservernonce,p=Pb33ryDnAdDkmsafB77PBeLVyw68c8TWnhTYpg/yqcY=";
const std::string signature = "v=HuFr7Karuyp97JhcEsO2hZYLIC0RqQYLEaP6rbApNFc=";

/// A log-in against a server that says one line at a time.
class Dialogue {
public:
    /// `capability_lines` are separated by commas.
    explicit Dialogue(std::string_view capability_lines, std::string password = "secret",
                      unsigned refusals_max = 2, LoginOptions options = {})
        : login_{Credentials::make("alice", std::move(password)).value(), refusals_max,
                 with_nonce(std::move(options))}
    {
        Capabilities capabilities;
        while (!capability_lines.empty()) {
            const auto end = std::min(capability_lines.find(','), capability_lines.size());
            capabilities.add(capability_lines.substr(0, end));
            capability_lines.remove_prefix(std::min(end + 1, capability_lines.size()));
        }
        static_cast<void>(reply("+OK"));
        started_ = login_.start(client_, capabilities);
    }

    [[nodiscard]] const base::Result<void>& started() const { return started_; }

    std::string sent() { return client_.take_output(); }

    base::Result<Login::Progress> say(const std::string& line)
    {
        const auto event = reply(line);
        return login_.on_reply(client_, event);
    }

    Login& login() { return login_; }
    Client& client() { return client_; }

private:
    static LoginOptions with_nonce(LoginOptions options)
    {
        options.make_nonce = [] { return std::string{"clientnonce"}; };
        return options;
    }

    Event reply(const std::string& line)
    {
        text_ = line + "\r\n";
        auto input = base::as_bytes(text_);
        return client_.next(input).value();
    }

    Client client_;
    Login login_;
    base::Result<void> started_;
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
    EXPECT_EQ(dialogue.login().mechanism(), Mechanism::user_pass);
}

TEST(Pop3Login, PlainWithInitialResponseWhereRefusalsAreTold)
{
    Dialogue dialogue{"SASL PLAIN,AUTH-RESP-CODE"};
    EXPECT_EQ(dialogue.sent(), "AUTH PLAIN " + std::string{encoded} + "\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
    EXPECT_EQ(dialogue.login().mechanism(), Mechanism::plain);
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

const ChannelBinding binding{"tls-exporter", "binding of this session"};
constexpr std::string_view all_of_them =
    "SASL APOP LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS "
    "XOAUTH2 OAUTHBEARER,USER";

std::string chosen(std::string_view line, const LoginOptions& options)
{
    Capabilities announced;
    announced.add(line.substr(0, line.find(',')));
    announced.user = line.ends_with(",USER");
    std::string names;
    for (const auto mechanism : choose_mechanisms(announced, options)) {
        names += std::string{name_of(mechanism)} + " ";
    }
    return names;
}

TEST(Pop3LoginChoice, TheStrongestThatIsAnnouncedComesFirst)
{
    LoginOptions tls;
    tls.is_encrypted = true;
    tls.binding = binding;
    EXPECT_EQ(chosen(all_of_them, tls), "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS PLAIN LOGIN USER ");
    EXPECT_EQ(chosen("SASL SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1", tls),
              "SCRAM-SHA-256 SCRAM-SHA-1-PLUS USER ");
    tls.binding.reset();
    EXPECT_EQ(chosen(all_of_them, tls), "SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN USER ");
    EXPECT_EQ(chosen("", tls), "USER ");
}

TEST(Pop3LoginChoice, CramMd5IsWorthSomethingInClearAndWhereThereIsNothingElse)
{
    LoginOptions options;
    EXPECT_EQ(chosen("SASL PLAIN CRAM-MD5,USER", options), "CRAM-MD5 PLAIN USER ");
    options.is_encrypted = true;
    EXPECT_EQ(chosen("SASL PLAIN CRAM-MD5,USER", options), "PLAIN USER ");
    EXPECT_EQ(chosen("SASL CRAM-MD5,USER", options), "USER ");
    EXPECT_EQ(chosen("SASL CRAM-MD5", options), "CRAM-MD5 USER ");
}

TEST(Pop3LoginChoice, WhatIsSetIsTriedAloneAnnouncedOrNot)
{
    for (const auto mechanism : all_mechanisms) {
        LoginOptions options;
        options.mechanism = mechanism;
        EXPECT_EQ(chosen("SASL PLAIN", options), std::string{name_of(mechanism)} + " ");
    }
}

TEST(Pop3LoginChoice, WhatIsKnownToBeAnnouncedInVainIsLeftOut)
{
    LoginOptions options;
    options.avoided = {Mechanism::scram_sha_256, Mechanism::scram_sha_1};
    EXPECT_EQ(chosen("SASL SCRAM-SHA-256 SCRAM-SHA-1 PLAIN", options), "PLAIN USER ");
}

LoginOptions set_to(Mechanism mechanism)
{
    LoginOptions options;
    options.mechanism = mechanism;
    return options;
}

TEST(Pop3Login, ByScramTheServerProvesItselfBeforeItIsBelieved)
{
    Dialogue dialogue{"SASL SCRAM-SHA-256 PLAIN"};
    EXPECT_EQ(dialogue.sent(), "AUTH SCRAM-SHA-256\r\n");
    EXPECT_TRUE(dialogue.say("+ "));
    EXPECT_EQ(dialogue.sent(), base::to_base64("n,,n=alice,r=clientnonce") + "\r\n");
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64(server_first)));
    EXPECT_EQ(dialogue.sent(), base::to_base64(proof) + "\r\n");
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64(signature)));
    EXPECT_EQ(dialogue.sent(), "\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
    EXPECT_EQ(dialogue.login().mechanism(), Mechanism::scram_sha_256);
    EXPECT_TRUE(dialogue.login().rejected().empty());
}

TEST(Pop3Login, ByScramAnOkWithoutTheServersProofIsNoLogin)
{
    for (const unsigned steps : {1U, 2U}) {
        Dialogue dialogue{"SASL SCRAM-SHA-256,AUTH-RESP-CODE"};
        for (unsigned step = 1; step < steps; ++step) {
            EXPECT_TRUE(dialogue.say("+ " + base::to_base64(server_first)));
        }
        const auto result = dialogue.say("+OK welcome");
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code(), ErrorCode::protocol_violation);
        EXPECT_EQ(dialogue.login().refusals(), 0U);
    }
}

TEST(Pop3Login, AServerThatCannotProveItselfDoesNotGetThePassword)
{
    Dialogue dialogue{"SASL SCRAM-SHA-256 PLAIN,AUTH-RESP-CODE"};
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64(server_first)));
    static_cast<void>(dialogue.sent());
    const auto result = dialogue.say("+ " + base::to_base64("v=MDEy"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::protocol_violation);
    EXPECT_EQ(dialogue.sent(), "");
    EXPECT_EQ(dialogue.login().refusals(), 0U);
}

TEST(Pop3Login, AServerWithoutASecretForScramGetsPlain) // Dovecot where only a hash is stored
{
    Dialogue dialogue{"SASL SCRAM-SHA-256 SCRAM-SHA-1 PLAIN,AUTH-RESP-CODE"};
    EXPECT_EQ(dialogue.sent(),
              "AUTH SCRAM-SHA-256 " + base::to_base64("n,,n=alice,r=clientnonce") + "\r\n");
    EXPECT_TRUE(dialogue.say("-ERR [AUTH] Authentication failed."));
    EXPECT_EQ(dialogue.sent(),
              "AUTH SCRAM-SHA-1 " + base::to_base64("n,,n=alice,r=clientnonce") + "\r\n");
    EXPECT_TRUE(dialogue.say("-ERR [AUTH] Authentication failed."));
    EXPECT_EQ(dialogue.sent(), "AUTH PLAIN " + std::string{encoded} + "\r\n");
    EXPECT_EQ(dialogue.login().refusals(), 0U);
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
    EXPECT_EQ(dialogue.login().rejected(),
              (std::vector{Mechanism::scram_sha_256, Mechanism::scram_sha_1}));
}

TEST(Pop3Login, ARefusedProofIsCountedAndOnlyThePasswordItselfComesAfterIt)
{
    Dialogue dialogue{"SASL SCRAM-SHA-256 SCRAM-SHA-1 PLAIN,AUTH-RESP-CODE"};
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64(server_first)));
    static_cast<void>(dialogue.sent());
    EXPECT_TRUE(dialogue.say("-ERR [AUTH] no"));
    EXPECT_EQ(dialogue.login().refusals(), 1U);
    EXPECT_EQ(dialogue.sent(), "AUTH PLAIN " + std::string{encoded} + "\r\n");
    const auto result = dialogue.say("-ERR [AUTH] no");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::auth_rejected);
    EXPECT_EQ(dialogue.login().refusals(), 2U);
}

TEST(Pop3Login, ARefusedProofIsTheLastWordWhereNoRefusalIsLeft)
{
    Dialogue dialogue{"SASL CRAM-MD5 PLAIN", "secret", 1};
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64("<1@host>")));
    const auto result = dialogue.say("-ERR no");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::auth_rejected);
}

TEST(Pop3Login, ARefusedBoundProofIsNeverFollowedByAnythingWeaker)
{
    LoginOptions options;
    options.is_encrypted = true;
    options.binding = binding;
    Dialogue dialogue{"SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN,AUTH-RESP-CODE", "secret", 2,
                      options};
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64(server_first)));
    static_cast<void>(dialogue.sent());
    const auto result = dialogue.say("-ERR [AUTH] no");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::auth_rejected);
    EXPECT_EQ(dialogue.sent(), "");
}

/// The first message of SCRAM-SHA-256, set by name.
std::string gs2_header(std::string_view capability_lines)
{
    auto options = set_to(Mechanism::scram_sha_256);
    options.is_encrypted = true;
    options.binding = binding;
    Dialogue dialogue{capability_lines, "secret", 2, options};
    EXPECT_TRUE(dialogue.say("+"));
    const auto sent = dialogue.sent();
    const auto begin = sent.find('\n') + 1;
    const auto message = base::parse_base64(sent.substr(begin, sent.size() - begin - 2)).value();
    return message.substr(0, message.find('n', 1));
}

TEST(Pop3Login, AServerThatDoesNotAnnounceBindingIsToldThatWeCould) // RFC 5802 §6
{
    EXPECT_EQ(gs2_header("SASL SCRAM-SHA-256"), "y,,");
    EXPECT_EQ(gs2_header("SASL SCRAM-SHA-256 SCRAM-SHA-256-PLUS"), "n,,");
    EXPECT_EQ(gs2_header(""), "n,,"); // it announces nothing at all
}

TEST(Pop3Login, ByLoginNameAndPasswordAnswerTwoQuestions)
{
    Dialogue dialogue{"SASL LOGIN"};
    EXPECT_EQ(dialogue.sent(), "AUTH LOGIN\r\n");
    EXPECT_TRUE(dialogue.say("+ VXNlcm5hbWU6"));
    EXPECT_EQ(dialogue.sent(), base::to_base64("alice") + "\r\n");
    EXPECT_TRUE(dialogue.say("+ UGFzc3dvcmQ6"));
    EXPECT_EQ(dialogue.sent(), base::to_base64("secret") + "\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
}

TEST(Pop3Login, ByLoginAnOkBeforeThePasswordIsNoLogin)
{
    Dialogue dialogue{"SASL LOGIN"};
    EXPECT_TRUE(dialogue.say("+ "));
    const auto result = dialogue.say("+OK");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::protocol_violation);
    EXPECT_EQ(dialogue.login().refusals(), 0U);
}

TEST(Pop3Login, ApopDigestsTheGreetingsStampAndFailsWithoutOne)
{
    auto options = set_to(Mechanism::apop);
    options.greeting = "ready <1896.697170952@dbc.mtview.ca.us>";
    Dialogue dialogue{"", "tanstaaf", 2, options};
    EXPECT_EQ(dialogue.sent(), "APOP alice c4c9334bac560ecc979e58001b3e22fb\r\n");
    EXPECT_EQ(dialogue.say("+OK").value(), Login::Progress::logged_in);
    EXPECT_EQ(dialogue.client().state(), Client::State::transaction);
    Dialogue without{"", "tanstaaf", 2, set_to(Mechanism::apop)};
    ASSERT_FALSE(without.started());
    EXPECT_EQ(without.started().error().code(), ErrorCode::unsupported);
    EXPECT_EQ(without.sent(), "");
}

TEST(Pop3Login, ARefusedTokenIsExplainedByTheServersWords)
{
    Dialogue dialogue{"SASL XOAUTH2", "token", 2, set_to(Mechanism::xoauth2)};
    EXPECT_EQ(dialogue.sent(), "AUTH XOAUTH2\r\n");
    EXPECT_TRUE(dialogue.say("+ "));
    EXPECT_EQ(dialogue.sent(), base::to_base64("user=alice\x01"
                                               "auth=Bearer token\x01\x01") +
                                   "\r\n");
    EXPECT_TRUE(dialogue.say("+ " + base::to_base64(R"({"status":"401"})")));
    EXPECT_EQ(dialogue.sent(), "\r\n");
    const auto result = dialogue.say("-ERR no");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::auth_rejected);
    EXPECT_TRUE(
        result.error().message().starts_with("the server does not take the token, status \"401\""));
    EXPECT_EQ(dialogue.login().refusals(), 1U);
}

TEST(Pop3Login, AMechanismThatIsSetAndRefusedIsNotReplaced)
{
    Dialogue dialogue{"SASL PLAIN LOGIN", "secret", 2, set_to(Mechanism::cram_md5)};
    EXPECT_EQ(dialogue.sent(), "AUTH CRAM-MD5\r\n");
    const auto result = dialogue.say("-ERR what?");
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message().find(
                  "the log-in is set to CRAM-MD5, and the server announces PLAIN, LOGIN"),
              std::string::npos);
    EXPECT_EQ(dialogue.sent(), "");
    EXPECT_EQ(dialogue.login().refusals(), 0U);
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

} // namespace
} // namespace watchpost::pop3
