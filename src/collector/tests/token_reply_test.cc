#include "collector/token_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using testing::Not;

base::Result<Tokens> read(const std::string& body, unsigned status = 200,
                          TokenQuestion question = TokenQuestion::refresh_token)
{
    return read_tokens({.status = status, .body = body},
                       {.question = question, .host = "login.example"});
}

const std::string whole = R"({"access_token":"at","token_type":"Bearer","expires_in":3599,)"
                          R"("refresh_token":"rt","scope":"pop","id_token":"x"})";

TEST(TokenReply, GivesTokensAndTheirTime)
{
    const auto tokens = read(whole).value();
    EXPECT_EQ(tokens.access_token, "at");
    EXPECT_EQ(tokens.refresh_token, "rt");
    EXPECT_EQ(tokens.expires_in, std::chrono::seconds{3599});
}

TEST(TokenReply, TheTimeMayBeATextOrMissingOrNonsense)
{
    const auto time_of = [](const std::string& field) {
        return read(R"({"access_token":"at","token_type":"bearer")" + field + "}")
            .value()
            .expires_in.count();
    };
    EXPECT_EQ(time_of(R"(,"expires_in":"60")"), 60);
    EXPECT_EQ(time_of(""), 600);
    EXPECT_EQ(time_of(R"(,"expires_in":-5)"), 600);
    EXPECT_EQ(time_of(R"(,"expires_in":[1])"), 600);
    EXPECT_EQ(time_of(R"(,"expires_in":1e300)"), 30 * 24 * 3600);
    EXPECT_EQ(time_of(R"(,"expires_in":0)"), 0);
}

TEST(TokenReply, CutAnywhereItIsAnErrorAndNeverARefusal)
{
    for (std::size_t end = 0; end < whole.size(); ++end) {
        const auto tokens = read(whole.substr(0, end));
        ASSERT_FALSE(tokens) << end;
        EXPECT_EQ(tokens.error().code(), ErrorCode::protocol_violation) << end;
        EXPECT_EQ(tokens.error().retry(), base::Retry::later) << end;
    }
}

TEST(TokenReply, WhatCouldEndACommandOrIsTooLongIsNoToken)
{
    for (const auto& token : {std::string{"a\\r\\nDELE 1"}, std::string{"a\\u0001b"},
                              std::string{"\\u00e9"}, std::string(16'001, 'x')}) {
        EXPECT_FALSE(read(R"({"token_type":"Bearer","access_token":")" + token + "\"}"));
        EXPECT_FALSE(
            read(R"({"token_type":"Bearer","access_token":"a","refresh_token":")" + token + "\"}"));
    }
    EXPECT_TRUE(
        read(R"({"token_type":"Bearer","access_token":")" + std::string(16'000, 'x') + "\"}"));
}

TEST(TokenReply, OtherKindsOfTokensAndDeepDocumentsAreRefused)
{
    EXPECT_FALSE(read(R"({"access_token":"at","token_type":"mac"})"));
    EXPECT_FALSE(read(R"({"access_token":"at"})"));
    EXPECT_FALSE(read(R"({"token_type":"Bearer","access_token":"at","x":)" + std::string(20, '[') +
                      std::string(20, ']') + "}"));
}

TEST(TokenReply, ARefusalHasTheServersWordsQuotedAndTheRemedy)
{
    const auto refused = read(
        R"({"error":"invalid_grant","error_description":"AADSTS700082: \u001b[31mexpired"})", 400);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::auth_rejected);
    EXPECT_THAT(refused.error().message(), HasSubstr("login.example refuses the refresh token"));
    EXPECT_THAT(refused.error().message(), HasSubstr("AADSTS700082: \\x1b[31mexpired"));
    EXPECT_THAT(refused.error().message(), HasSubstr("device code"));
    EXPECT_THAT(refused.error().message(), Not(HasSubstr("\x1b")));
}

struct Case {
    unsigned status;
    const char* body;
    ErrorCode code;
};

TEST(TokenReply, OnlyARefusalOfTheSecretIsOne)
{
    const Case cases[]{
        {400, R"({"error":"invalid_client"})", ErrorCode::auth_rejected},
        {401, "", ErrorCode::auth_rejected},
        {400, R"({"error":"temporarily_unavailable"})", ErrorCode::refused_by_server},
        {503, R"({"error":"invalid_grant"})", ErrorCode::refused_by_server},
        {429, R"({"error":"invalid_client"})", ErrorCode::refused_by_server},
        {408, "", ErrorCode::refused_by_server},
        {404, "<html>", ErrorCode::refused_by_server},
        {307, "", ErrorCode::refused_by_server},
        {200, "<html>", ErrorCode::protocol_violation}};
    for (const auto& [status, body, code] : cases) {
        EXPECT_EQ(read(body, status).error().code(), code) << status << body;
    }
}

const std::string code_reply =
    R"({"device_code":"d","user_code":"ABCD-EFGH","verification_uri":"https://login.example/d",)"
    R"("expires_in":900,"interval":7})";

TEST(TokenReply, GivesADeviceCode)
{
    const auto code =
        read_device_code({.status = 200, .body = code_reply}, {.host = "login.example"}).value();
    EXPECT_EQ(code.user_code, "ABCD-EFGH");
    EXPECT_EQ(code.interval, std::chrono::seconds{7});
    EXPECT_EQ(code.expires_in, std::chrono::seconds{900});
}

TEST(TokenReply, ADeviceCodeLeadsNowhereButToAnHttpsAddress)
{
    for (const auto* const address : {"javascript:alert(1)", "http://login.example/d", ""}) {
        auto body = code_reply;
        body.replace(body.find("https://login.example/d"), 23, address);
        EXPECT_FALSE(read_device_code({.status = 200, .body = body}, {.host = "login.example"}))
            << address;
    }
}

TEST(TokenReply, WhoIsNotDoneYetIsWaitedFor)
{
    const auto wait = [](const std::string& error) {
        return read_device_wait({.status = 400, .body = R"({"error":")" + error + "\"}"});
    };
    EXPECT_EQ(wait("authorization_pending"), DeviceWait::pending);
    EXPECT_EQ(wait("slow_down"), DeviceWait::slow_down);
    EXPECT_EQ(wait("access_denied"), std::nullopt);
}

TEST(TokenReply, ARefusalRepeatsNoSecretThatWasSent)
{
    const http::NamedValues sent{{"client_id", "console"},
                                 {"refresh_token", "r+t/0"},
                                 {"client_secret", "s3cret"},
                                 {"device_code", "dev"}};
    const http::Reply reply{
        .status = 400,
        .body = R"({"error":"invalid_grant","error_description":)"
                R"("\u0072+t/0 of console (r%2Bt%2F0, s3cret, s3cret) for dev is unknown"})"};
    const TokenInquiry inquiry{.question = TokenQuestion::refresh_token,
                               .host = "login.example",
                               .secrets = secrets_of(sent)};
    for (const auto& message : {read_tokens(reply, inquiry).error().message(),
                                read_device_code(reply, inquiry).error().message()}) {
        EXPECT_THAT(message, HasSubstr("… of console (…, …, …) for … is unknown"));
        EXPECT_THAT(message, HasSubstr("invalid_grant")); // and its remedy
        EXPECT_THAT(message, HasSubstr("was revoked"));
    }
}

} // namespace
} // namespace watchpost::collector
