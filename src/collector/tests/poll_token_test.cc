// Polls whose log-in takes a token that is fetched: renewed once, counted, and never hammered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using test::PollBench;
using test::Pop3Script;
using testing::HasSubstr;

/// A server that takes one token, and an end point that gives "at1", "at2" …
class PollToken : public testing::Test {
protected:
    void SetUp() override
    {
        bench.settings.authentication = pop3::Mechanism::xoauth2;
        bench.settings.tokens = TokenSettings{};
        bench.password = "rt"; // by which refusals are remembered
    }

    [[nodiscard]] Pop3Script script()
    {
        Pop3Script script;
        script.capabilities = {"UIDL", "SASL XOAUTH2", "AUTH-RESP-CODE"};
        script.sasl = [this](const std::string& line, const std::string&) -> std::string {
            if (line.starts_with("AUTH")) {
                return "+ ";
            }
            const auto response = base::parse_base64(line).value_or("");
            return response.find("Bearer " + good + "\x01") != std::string::npos
                       ? "+OK"
                       : "-ERR [AUTH] no such token";
        };
        return script;
    }

    PollReport poll()
    {
        TokenRequest request;
        request.settings.endpoint.host = "login.example";
        request.secret = "rt";
        TokenLogin login{source, "alice", request};
        bench.tokens = &login;
        auto report = bench.poll();
        bench.tokens = nullptr;
        return report;
    }

    base::Result<http::Reply> answer()
    {
        ++asked;
        if (refuses) {
            return http::Reply{.status = 400, .body = R"({"error":"invalid_grant"})"};
        }
        return http::Reply{.status = 200,
                           .body = R"({"token_type":"Bearer","access_token":"at)" +
                                   std::to_string(asked) + "\"}"};
    }

    std::string good = "at1";
    unsigned asked = 0;
    bool refuses = false;
    PollBench bench{script()};
    secrets::KeyPair key = secrets::KeyPair::make();
    TokenSource source{{.post = [this](const http::HttpsUrl&, const http::NamedValues&,
                                       const TokenRequest&) { return answer(); },
                        .keeper = std::make_shared<SealedTokenKeeper>(bench.store, key)}};
};

TEST_F(PollToken, IsFetchedOnceForManyPolls)
{
    EXPECT_TRUE(poll().has_logged_in);
    EXPECT_TRUE(poll().has_logged_in);
    EXPECT_EQ(asked, 1U);
}

TEST_F(PollToken, OneThatEndedBeforeItsTimeIsFetchedAnewAndCountsForNothing)
{
    EXPECT_TRUE(poll().has_logged_in);
    good = "at2";
    const auto report = poll();
    EXPECT_TRUE(report.has_logged_in);
    EXPECT_FALSE(report.error);
    EXPECT_EQ(asked, 2U);
    EXPECT_TRUE(poll().has_logged_in);
}

TEST_F(PollToken, OneThatIsFreshAndRefusedCountsAndIsNotHammered)
{
    good = "another";
    for (int i = 0; i < 4; ++i) {
        const auto report = poll();
        ASSERT_TRUE(report.error);
        EXPECT_EQ(report.error->code(), base::ErrorCode::auth_rejected);
    }
    EXPECT_EQ(asked, 2U);
    bench.now += std::chrono::minutes{31};
    EXPECT_TRUE(poll().error);
    EXPECT_EQ(asked, 3U);
}

TEST_F(PollToken, ARefusalOfTheEndPointCountsTooAndNamesItsStep)
{
    refuses = true;
    const auto report = poll();
    EXPECT_TRUE(report.was_token_refused);
    EXPECT_THAT(report.error->describe(), testing::StartsWith("fetch token: "));
    EXPECT_TRUE(report.steps.all().at(0).has_failed);
    EXPECT_TRUE(poll().was_token_refused);
    const auto paused = poll();
    EXPECT_FALSE(paused.was_token_refused);
    EXPECT_THAT(paused.error->describe(), HasSubstr("not tried"));
    EXPECT_EQ(asked, 2U);
}

} // namespace
} // namespace watchpost::collector
