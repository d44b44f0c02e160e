#include "collector/device_code.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/device_codes.h"

namespace watchpost::collector {
namespace {

using base::ErrorCode;
using std::chrono::seconds;

const std::string code_reply =
    R"({"device_code":"d","user_code":"ABCD","verification_uri":"https://login.example/d",)"
    R"("expires_in":900,"interval":5})";
const std::string granted =
    R"({"access_token":"at","token_type":"Bearer","refresh_token":"the-refresh-token"})";

http::Reply refusal(const std::string& error)
{
    return {.status = 400, .body = R"({"error":")" + error + "\"}"};
}

/// An end point that answers what the test says; its clock stands until the test moves it.
class DeviceCodeTest : public testing::Test {
protected:
    [[nodiscard]] TokenSource::Post post()
    {
        return [this](const http::HttpsUrl&, const http::NamedValues& fields,
                      const TokenRequest&) -> base::Result<http::Reply> {
            last = fields;
            ++asked;
            auto reply = replies.front();
            replies.pop_front();
            return reply;
        };
    }
    [[nodiscard]] static TokenRequest request()
    {
        TokenRequest request;
        request.settings.endpoint.host = "login.example";
        request.settings.device_endpoint = request.settings.endpoint;
        request.settings.client_id = "console";
        request.settings.scope = "pop offline_access";
        return request;
    }
    [[nodiscard]] DeviceFlow begin()
    {
        replies.push_front(http::Reply{.status = 200, .body = code_reply});
        auto flow = DeviceFlow::begin(post(), request(), now).value();
        asked = 0;
        return flow;
    }

    std::deque<base::Result<http::Reply>> replies;
    http::NamedValues last;
    unsigned asked = 0;
    std::chrono::steady_clock::time_point now{std::chrono::hours{1}};
};

TEST_F(DeviceCodeTest, AsksForACodeWithClientAndScope)
{
    const auto flow = begin();
    EXPECT_THAT(last, testing::ElementsAre(testing::Pair("client_id", "console"),
                                           testing::Pair("scope", "pop offline_access")));
    EXPECT_EQ(flow.code().user_code, "ABCD");
    EXPECT_EQ(flow.next_at(), now + seconds{5});
}

TEST_F(DeviceCodeTest, NeverAsksSoonerThanTheServerWants)
{
    auto flow = begin();
    replies = {refusal("authorization_pending"), refusal("slow_down"), refusal("slow_down")};
    EXPECT_FALSE(flow.ask(post(), now + seconds{4}).value());
    EXPECT_EQ(asked, 0U);
    EXPECT_FALSE(flow.ask(post(), now + seconds{5}).value());
    EXPECT_EQ(flow.next_at(), now + seconds{10});
    EXPECT_FALSE(flow.ask(post(), now + seconds{10}).value());
    EXPECT_EQ(flow.next_at(), now + seconds{20}); // RFC 8628 §3.5: 5 s slower
    EXPECT_EQ(asked, 2U);
}

TEST_F(DeviceCodeTest, SilenceAndTroubleMakeItSlowerAndEndNothing)
{
    auto flow = begin();
    replies = {base::fail(ErrorCode::timed_out, base::Retry::later, "silence"),
               http::Reply{.status = 503}, http::Reply{.status = 200, .body = granted}};
    now += seconds{5};
    EXPECT_FALSE(flow.ask(post(), now).value());
    EXPECT_EQ(flow.next_at(), now + seconds{10});
    now += seconds{10};
    EXPECT_FALSE(flow.ask(post(), now).value());
    EXPECT_EQ(flow.next_at(), now + seconds{20});
    now += seconds{20};
    EXPECT_EQ(flow.ask(post(), now).value(), "the-refresh-token");
}

TEST_F(DeviceCodeTest, ARefusalIsFinalAndSoIsTheEndOfTheCode)
{
    auto flow = begin();
    replies = {refusal("access_denied")};
    EXPECT_EQ(flow.ask(post(), now + seconds{5}).error().code(), ErrorCode::auth_rejected);
    EXPECT_EQ(flow.ask(post(), now + seconds{900}).error().code(), ErrorCode::timed_out);
    EXPECT_EQ(asked, 1U);
}

TEST_F(DeviceCodeTest, WhatTheConsoleGetsOnlyTheCollectorOpensAndOnlyForTheseSettings)
{
    const auto key = secrets::KeyPair::make();
    const std::string settings =
        R"({"name":"Copies","enabled":true,"server":"mail.example","port":995,"use_tls":true,)"
        R"("user":"alice","receive_every_s":60,"authentication":"xoauth2",)"
        R"("token_from":"refresh_token","token_client_id":"console",)"
        R"("token_endpoint":"https://login.example/t",)"
        R"("token_device_endpoint":"https://login.example/d"})";
    replies = {http::Reply{.status = 200, .body = code_reply},
               http::Reply{.status = 200, .body = granted}};
    DeviceCodes codes{post(), key, [this] { return now; }};
    const auto begun = codes.begin(settings, "");
    ASSERT_EQ(begun.outcome, DeviceState::Outcome::pending) << begun.text;
    EXPECT_EQ(codes.ask(begun.id).outcome, DeviceState::Outcome::pending); // too soon
    now += seconds{5};
    const auto state = codes.ask(begun.id);
    ASSERT_EQ(state.outcome, DeviceState::Outcome::granted) << state.text;
    EXPECT_EQ(state.sealed_token.find("the-refresh-token"), std::string::npos);
    const auto box = parse_sealed_token(settings, state.sealed_token).value();
    EXPECT_EQ(open_password(key, settings, box)->reveal(), "the-refresh-token");
    auto other = settings;
    other.replace(other.find("login.example/t"), 15, "login.example/x");
    EXPECT_FALSE(parse_sealed_token(other, state.sealed_token));
    EXPECT_FALSE(open_password(key, other, box));
    EXPECT_EQ(codes.ask(begun.id).outcome, DeviceState::Outcome::failed); // it is over
}

} // namespace
} // namespace watchpost::collector
