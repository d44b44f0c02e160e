#include "pop3/sasl.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "pop3/apop.h"
#include "pop3/saslprep.h"

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;
using namespace std::string_literals;

std::unique_ptr<SaslExchange> exchange(Mechanism mechanism, const std::string& user,
                                       const std::string& password,
                                       const LoginOptions& options = {})
{
    return make_sasl(mechanism, Credentials::make(user, password).value(), options).value();
}

TEST(Pop3Mechanism, HasANameAndAWordEachThatLeadBack)
{
    for (const auto mechanism : all_mechanisms) {
        EXPECT_EQ(parse_mechanism(to_string(mechanism)), mechanism);
        EXPECT_FALSE(name_of(mechanism).empty());
    }
    EXPECT_FALSE(parse_mechanism("PLAIN"));
    EXPECT_FALSE(parse_mechanism(""));
}

TEST(Pop3Sasl, PlainSaysEverythingAtOnce) // RFC 4616 §4
{
    const auto plain = exchange(Mechanism::plain, "tim", "tanstaaftanstaaf");
    EXPECT_FALSE(plain->has_sent_secret());
    EXPECT_EQ(plain->first(), "\0tim\0tanstaaftanstaaf"s);
    EXPECT_EQ(plain->first(), "\0tim\0tanstaaftanstaaf"s);
    EXPECT_TRUE(plain->has_sent_secret());
    EXPECT_TRUE(plain->finish());
    EXPECT_EQ(plain->answer("").error().code(), ErrorCode::protocol_violation);
}

TEST(Pop3Sasl, LoginTellsNameAndPasswordWhateverTheQuestionsAreCalled)
{
    for (const auto* question : {"VXNlcm5hbWU6", "", "Username:", "\xFF"}) {
        const auto login = exchange(Mechanism::login, "alice", "secret");
        EXPECT_FALSE(login->first());
        EXPECT_EQ(login->answer(question).value(), "alice");
        EXPECT_FALSE(login->has_sent_secret());
        EXPECT_EQ(login->answer(question).value(), "secret");
        EXPECT_TRUE(login->has_sent_secret());
        EXPECT_FALSE(login->answer(question));
    }
}

TEST(Pop3Sasl, CramMd5ProvesThePasswordOverTheChallenge) // RFC 2195 §2
{
    const auto cram = exchange(Mechanism::cram_md5, "tim", "tanstaaftanstaaf");
    EXPECT_FALSE(cram->first());
    const auto proof =
        cram->answer(base::to_base64("<1896.697170952@postoffice.reston.mci.net>")).value();
    EXPECT_EQ(proof, "tim b913a602c7eda7a495b4e6e7334d3890");
    EXPECT_TRUE(cram->has_sent_secret());
    EXPECT_FALSE(cram->answer("Zm9v"));
}

TEST(Pop3Sasl, AChallengeThatIsEmptyOrNoBase64IsNotAnswered)
{
    for (const auto* challenge : {"", "<1@host>", "Zm9", "Zm9v*"}) {
        const auto cram = exchange(Mechanism::cram_md5, "tim", "secret");
        const auto answer = cram->answer(challenge);
        ASSERT_FALSE(answer) << challenge;
        EXPECT_EQ(answer.error().code(), ErrorCode::protocol_violation);
        EXPECT_FALSE(cram->has_sent_secret());
    }
}

TEST(Pop3Sasl, Xoauth2SendsTheTokenAsGoogleDocumentsIt)
{
    const auto oauth = exchange(Mechanism::xoauth2, "someuser@example.com",
                                "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
    EXPECT_EQ(
        base::to_base64(oauth->first().value()),
        "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhk"
        "SFJoZG1semRHRXVZMjl0Q2cBAQ==");
}

TEST(Pop3Sasl, ExternalSaysAsWhomAndNothingElse) // RFC 4422 App. A
{
    const auto external = exchange(Mechanism::external, "alice@example.com", "");
    EXPECT_FALSE(external->has_sent_secret());
    EXPECT_EQ(external->first().value(), "alice@example.com");
    EXPECT_TRUE(external->has_sent_secret());
    EXPECT_FALSE(external->answer(""));
}

TEST(Pop3Sasl, OauthbearerSendsTheTokenAsRfc7628Says) // §4.1
{
    LoginOptions options;
    options.server = "server.example.com";
    options.port = 143;
    const auto oauth = exchange(Mechanism::oauthbearer, "user@example.com",
                                "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", options);
    EXPECT_EQ(
        base::to_base64(oauth->first().value()),
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVy"
        "IHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
}

TEST(Pop3Sasl, ANameWithCommasAndEqualSignsIsEscapedInAList)
{
    const auto oauth = exchange(Mechanism::oauthbearer, "a,b=c", "t");
    EXPECT_EQ(oauth->first().value(), "n,a=a=2Cb=3Dc,\x01"
                                      "auth=Bearer t\x01\x01");
}

TEST(Pop3Sasl, ARefusedTokenIsToldInWordsAndTheExchangeEnded) // RFC 7628 §3.2.2, §3.2.3
{
    const auto* json =
        R"({"status":"invalid_token","scope":"mail","error_description":"a\u001bb"})";
    const auto bearer = exchange(Mechanism::oauthbearer, "alice", "t");
    static_cast<void>(bearer->first());
    EXPECT_EQ(bearer->answer(base::to_base64(json)).value(), "\x01");
    EXPECT_EQ(
        bearer->explanation(),
        "the server does not take the token, status \"invalid_token\", because \"a\\x1bb\", it "
        "wants the scope \"mail\"");
    EXPECT_FALSE(bearer->answer(base::to_base64(json)));
    const auto google = exchange(Mechanism::xoauth2, "alice", "t");
    static_cast<void>(google->first());
    EXPECT_EQ(google->answer(base::to_base64(R"({"status":400,"schemes":"Bearer"})")).value(), "");
    EXPECT_EQ(google->explanation(), "the server does not take the token, status \"400\"");
}

TEST(Pop3Sasl, AnyOtherTextAboutATokenIsQuoted)
{
    for (const auto* text : {"no", "[1]", "{\"status\":", "{\"status\":{}}"}) {
        const auto oauth = exchange(Mechanism::xoauth2, "alice", "t");
        EXPECT_TRUE(oauth->answer(base::to_base64(text)));
        EXPECT_TRUE(oauth->explanation().starts_with("the server does not take the token"));
    }
    EXPECT_FALSE(exchange(Mechanism::xoauth2, "alice", "t")->answer("no base 64"));
}

TEST(Pop3Sasl, ChannelBindingWithoutASessionToBindToIsRefused)
{
    const auto refused =
        make_sasl(Mechanism::scram_sha_256_plus, Credentials::make("alice", "secret").value(), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::unsupported);
}

TEST(Pop3Apop, DigestsTheStampOfTheGreeting) // RFC 1939 §7
{
    const auto stamp = find_stamp("POP3 server ready <1896.697170952@dbc.mtview.ca.us>").value();
    EXPECT_EQ(apop_argument(Credentials::make("mrose", "tanstaaf").value(), stamp),
              "mrose c4c9334bac560ecc979e58001b3e22fb");
}

TEST(Pop3Apop, AStampThatIsNoMessageIdIsNone)
{
    for (const auto* greeting : {"ready", "<>", "<a>", "<@b>", "<a@>", "<a@b", "a@b>", "<a b@c>",
                                 "<a@b@c>", "<a<b@c@d>", "<a\x80@b>", "<a\x01@b>", "> <a"}) {
        EXPECT_FALSE(find_stamp(greeting)) << greeting;
    }
    EXPECT_EQ(find_stamp("<a@b> text <c@d>"), "<a@b>");
}

TEST(Pop3Saslprep, PreparesAsTheExamplesSay) // RFC 4013 §3
{
    const auto stored = [](std::string_view text) { return saslprep(text, Unassigned::refused); };
    EXPECT_EQ(stored("I\xC2\xADX"), "IX");
    EXPECT_EQ(stored("user"), "user");
    EXPECT_EQ(stored("USER"), "USER");
    EXPECT_EQ(stored("\xC2\xAA"), "a");
    EXPECT_EQ(stored("\xE2\x85\xA8"), "IX");
    EXPECT_EQ(stored("a\xC2\xA0z"), "a z");
}

TEST(Pop3Saslprep, WhatItRefusesStaysAsItWasTyped)
{
    for (const std::string text : {"\x07", "\xD8\xA7\x31", "\xF0\x9F\x94\x91", "\xFF\xFE", "\xC3",
                                   "\xC2\xAD", "", "a\x7F"}) {
        EXPECT_EQ(saslprep(text, Unassigned::refused), text);
    }
    const std::string unassigned = "\xC8\xA1"; // U+0221, not in Unicode 3.2
    EXPECT_EQ(saslprep(unassigned, Unassigned::allowed), unassigned);
}

TEST(Pop3Saslprep, WhatGrowsTheMostFits)
{
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "\xEF\xB7\xBA"; // U+FDFA becomes 18 characters
    }
    EXPECT_EQ(saslprep(text, Unassigned::refused).size(), 33'000U);
}

} // namespace
} // namespace watchpost::pop3
