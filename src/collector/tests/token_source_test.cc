#include "collector/token_source.h"

#include <atomic>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using test::FakeStore;
using testing::HasSubstr;

/// An end point that counts, rotates and forgets what it voided; its clock stands.
class TokenSourceTest : public testing::Test {
protected:
    [[nodiscard]] TokenSource make()
    {
        return TokenSource{{.post = [this](const http::HttpsUrl&, const http::NamedValues& fields,
                                           const TokenRequest&) { return answer(fields); },
                            .keeper = std::make_shared<SealedTokenKeeper>(store, key),
                            .clock = [this] { return now; }}};
    }

    base::Result<http::Reply> answer(const http::NamedValues& fields)
    {
        ++asked;
        for (const auto& [name, value] : fields) {
            if (name == "refresh_token") {
                shown.push_back(value);
            }
        }
        if (fails) {
            return base::fail(base::ErrorCode::timed_out, base::Retry::later, "silence");
        }
        if (rotates && shown.back() != good) {
            return http::Reply{.status = 400,
                               .body =
                                   R"({"error":"invalid_grant","error_description":"unknown: )" +
                                   shown.back() + "\"}"};
        }
        std::string rotated;
        if (rotates) {
            good = "rt" + std::to_string(asked);
            rotated = R"(,"refresh_token":")" + good + "\"";
        }
        return http::Reply{.status = 200,
                           .body = R"({"token_type":")" + token_type +
                                   R"(","expires_in":3600,"access_token":"at)" +
                                   std::to_string(asked) + "\"" + rotated + "}"};
    }

    [[nodiscard]] static TokenRequest request(const std::string& secret = "rt0")
    {
        TokenRequest request;
        request.settings.endpoint.host = "login.example";
        request.settings.client_id = "console";
        request.secret = secret;
        return request;
    }

    FakeStore store;
    secrets::KeyPair key = secrets::KeyPair::make();
    std::chrono::steady_clock::time_point now{std::chrono::hours{1}};
    unsigned asked = 0;
    bool rotates = false;
    bool fails = false;
    std::string token_type = "Bearer";
    std::string good = "rt0"; // where it rotates, the only one that it takes
    std::vector<std::string> shown;
};

TEST_F(TokenSourceTest, AsksOnceUntilShortlyBeforeTheEnd)
{
    auto source = make();
    EXPECT_EQ(source.get(request())->text, "at1");
    now += std::chrono::seconds{3539};
    const auto kept = source.get(request()).value();
    EXPECT_EQ(kept.text, "at1");
    EXPECT_EQ(kept.age, AccessToken::Age::kept);
    now += std::chrono::seconds{1};
    EXPECT_EQ(source.get(request())->text, "at2");
}

TEST_F(TokenSourceTest, WhatTheMailServerRefusedIsNotGivenOutAgain)
{
    auto source = make();
    const auto token = source.get(request())->text;
    source.refuse(request(), "another");
    EXPECT_EQ(source.get(request())->text, token);
    source.refuse(request(), token);
    EXPECT_NE(source.get(request())->text, token);
}

TEST_F(TokenSourceTest, EachScopeHasItsOwnToken)
{
    auto source = make();
    auto other = request();
    other.settings.scope = "imap";
    EXPECT_NE(source.get(request())->text, source.get(other)->text);
}

TEST_F(TokenSourceTest, ARenewedClientSecretKeepsWhatTheRefreshTokenBecame)
{
    rotates = true;
    auto source = make();
    auto with_secret = request();
    with_secret.client_secret = "old";
    const auto before = source.get(with_secret)->text;
    EXPECT_TRUE(source.hold("a", &with_secret));
    with_secret.client_secret = "new";
    EXPECT_TRUE(source.hold("a", &with_secret));
    EXPECT_NE(source.get(with_secret)->text, before); // asked for with the new one
    EXPECT_TRUE(make().get(with_secret));             // after a restart
    EXPECT_THAT(shown, testing::ElementsAre("rt0", "rt1", "rt2"));
}

TEST_F(TokenSourceTest, ARotatedTokenIsUsedAfterARestart)
{
    rotates = true;
    EXPECT_TRUE(make().get(request()));
    EXPECT_TRUE(make().get(request()));
    EXPECT_TRUE(make().get(request()));
    EXPECT_THAT(shown, testing::ElementsAre("rt0", "rt1", "rt2"));
}

TEST_F(TokenSourceTest, ARotatedTokenIsKeptThoughTheAccessTokenCannotBeUsed)
{
    rotates = true;
    token_type = "mac";
    EXPECT_FALSE(make().get(request()));
    token_type = "Bearer";
    EXPECT_TRUE(make().get(request()));
    EXPECT_THAT(shown, testing::ElementsAre("rt0", "rt1"));
}

TEST_F(TokenSourceTest, WhatIsStoredIsSealed)
{
    rotates = true;
    good = "rt0";
    EXPECT_TRUE(make().get(request()));
    const auto stored = store.get("refresh-token/" + digest_of(request())).value();
    EXPECT_EQ(stored.find("rt1"), std::string::npos);
    const auto other_key = secrets::KeyPair::make();
    SealedTokenKeeper other{store, other_key};
    EXPECT_EQ(other.find(digest_of(request())), std::nullopt);
}

TEST_F(TokenSourceTest, AnotherOneThatIsAppliedWinsOverWhatTheOldOneBecame)
{
    rotates = true;
    EXPECT_TRUE(make().get(request()));
    good = "new";
    EXPECT_TRUE(make().get(request("new")));
    EXPECT_EQ(shown.back(), "new");
}

TEST_F(TokenSourceTest, WhereItCannotBeStoredItIsUsedFromMemorySaidAndStoredLater)
{
    rotates = true;
    auto source = make();
    store.is_full = true;
    EXPECT_THAT(source.get(request())->note, HasSubstr("cannot be stored"));
    now += std::chrono::hours{2};
    store.is_full = false;
    EXPECT_EQ(source.get(request())->note, "");
    EXPECT_EQ(shown.back(), "rt1");
    EXPECT_TRUE(make().get(request())); // after a restart
    EXPECT_EQ(shown.back(), "rt2");
}

TEST_F(TokenSourceTest, ARefusalNamesItsStepAndASilenceIsNone)
{
    rotates = true;
    good = "something else";
    auto source = make();
    const auto refused = source.get(request());
    EXPECT_EQ(refused.error().code(), base::ErrorCode::auth_rejected);
    EXPECT_THAT(refused.error().describe(), testing::StartsWith("fetch token: "));
    fails = true;
    EXPECT_EQ(source.get(request()).error().code(), base::ErrorCode::timed_out);
}

TEST_F(TokenSourceTest, ARefusalThatRepeatsTheSecretIsToldWithoutIt)
{
    rotates = true;
    good = "something else";
    auto source = make();
    EXPECT_THAT(source.get(request("hidden+")).error().describe(),
                testing::AllOf(HasSubstr("unknown: …"), testing::Not(HasSubstr("hidden"))));
}

/// Else a silent end point takes its time-out from each mailbox in turn.
TEST_F(TokenSourceTest, WhoWaitsForAnAttemptSharesItsFailure)
{
    std::atomic<unsigned> posts = 0;
    std::atomic<int> hour = 1;
    std::atomic<bool> has_come = false; // the one who waits
    std::jthread waiting;
    base::Result<AccessToken> shared = AccessToken{};
    std::optional<TokenSource> source;
    source.emplace(TokenSource::Surroundings{
        .post = [&](const http::HttpsUrl&, const http::NamedValues&,
                    const TokenRequest&) -> base::Result<http::Reply> {
            if (++posts == 1) {
                waiting = std::jthread{[&] { shared = source->get(request()); }};
                has_come.wait(false);
                ++hour;
            }
            return base::fail(base::ErrorCode::timed_out, base::Retry::later, "silence");
        },
        .keeper = std::make_shared<SealedTokenKeeper>(store, key),
        .clock =
            [&, main = std::this_thread::get_id()] {
                const std::chrono::steady_clock::time_point time{std::chrono::hours{hour}};
                if (std::this_thread::get_id() != main) {
                    has_come = true;
                    has_come.notify_all();
                }
                return time;
            }});
    EXPECT_FALSE(source->get(request()));
    waiting.join();
    EXPECT_EQ(shared.error().describe(), "fetch token: timed_out: silence");
    EXPECT_EQ(posts, 1U);
    EXPECT_FALSE(source->get(request())); // who comes later asks anew
    EXPECT_EQ(posts, 2U);
}

TEST_F(TokenSourceTest, WhatNobodyHoldsAnyMoreIsForgotten)
{
    rotates = true;
    auto source = make();
    const auto first = request();
    EXPECT_TRUE(source.get(first));
    EXPECT_TRUE(source.hold("a", &first));
    EXPECT_TRUE(source.hold("b", &first));
    const auto second = request("second");
    EXPECT_TRUE(source.hold("a", &second));
    const auto name = "refresh-token/" + digest_of(first);
    EXPECT_TRUE(store.get(name)); // b has it
    EXPECT_TRUE(source.hold("b", nullptr));
    EXPECT_FALSE(store.get(name));
}

TEST_F(TokenSourceTest, MailboxesThatHoldOneTokenAtOnceAreAllCounted)
{
    rotates = true;
    auto source = make();
    const auto shared = request();
    EXPECT_TRUE(source.get(shared));
    const auto for_each_mailbox = [&](const TokenRequest* held) {
        std::vector<std::jthread> polls;
        polls.reserve(8);
        for (unsigned i = 0; i < 8; ++i) {
            polls.emplace_back(
                [&source, held, i] { EXPECT_TRUE(source.hold("box" + std::to_string(i), held)); });
        }
    };
    EXPECT_TRUE(source.hold("last", &shared));
    for_each_mailbox(&shared);
    for_each_mailbox(nullptr);
    const auto name = "refresh-token/" + digest_of(shared);
    EXPECT_TRUE(store.get(name)); // one holds it still
    EXPECT_TRUE(source.hold("last", nullptr));
    EXPECT_FALSE(store.get(name));
}

TEST_F(TokenSourceTest, ClientCredentialsKeepNothingInTheStore)
{
    auto source = make();
    auto client = request("secret");
    client.settings.grant = TokenGrant::client_credentials;
    EXPECT_TRUE(source.get(client));
    EXPECT_TRUE(source.hold("a", &client));
    EXPECT_FALSE(store.get("refresh-token/" + digest_of(client)));
}

} // namespace
} // namespace watchpost::collector
