#include "api/tests/api_fixture.h"

#include <gmock/gmock.h>

namespace watchpost::api {
namespace {

using store::Role;

TEST_F(ApiTest, TheCookieIsForThisSiteAndNoScript)
{
    add_user("ann", {Role::security_officer});
    const auto reply = try_to_sign_in("ann");
    ASSERT_EQ(reply.status, 200);
    const auto& cookie = reply.raw.headers;
    const auto found =
        std::ranges::find(cookie, "set-cookie", &std::pair<std::string, std::string>::first);
    ASSERT_NE(found, cookie.end());
    for (const char* const rule : {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"}) {
        EXPECT_NE(found->second.find(rule), std::string::npos) << rule;
    }
    EXPECT_EQ(reply.json["product_version"], "1.2.3");
}

TEST_F(ApiTest, NothingWorksWithoutASession)
{
    EXPECT_EQ(ask({}, "GET", "/alerts").code(), "not_signed_in");
    EXPECT_EQ(ask({"made-up", ""}, "GET", "/session").status, 401);
}

TEST_F(ApiTest, AChangeNeedsTheCsrfToken)
{
    auto jar = officer();
    const auto alert = raise();
    jar.csrf = "other";
    const auto path = "/alerts/" + alert.to_string() + "/close";
    EXPECT_EQ(ask(jar, "POST", path, "{}").code(), "csrf");
    EXPECT_EQ(ask(jar, "GET", "/alerts").status, 200);
}

TEST_F(ApiTest, AFormOfAnotherSiteCannotSignAnybodyIn)
{
    add_user("ann", {Role::security_officer});
    http::Request request;
    request.method = "POST";
    request.path = "/api/v1/session";
    request.headers = {{"content-type", "text/plain"}};
    request.body = nlohmann::json{{"user", "ann"}, {"password", password}}.dump();
    EXPECT_EQ(api->answer(request).status, 422);
}

TEST_F(ApiTest, AnUnknownNameIsAnsweredAsAWrongPassword)
{
    add_user("ann", {Role::security_officer});
    const auto wrong = try_to_sign_in("ann", "wrong");
    const auto unknown = try_to_sign_in("bob", "wrong");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(unknown.raw.body, wrong.raw.body);
}

TEST_F(ApiTest, FiveFailedTriesLockAKnownNameAndAnUnknownOne)
{
    add_user("ann", {Role::security_officer});
    for (const char* const name : {"ann", "bob"}) {
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(try_to_sign_in(name, "wrong").status, 401);
        }
        const auto locked = try_to_sign_in(name);
        EXPECT_EQ(locked.status, 429) << name;
        EXPECT_EQ(locked.code(), "locked_out");
        EXPECT_GT(locked.json.value("retry_after_s", 0), 800);
    }
}

TEST_F(ApiTest, ASuccessForgetsTheFailures)
{
    add_user("ann", {Role::security_officer});
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 4; ++i) {
            EXPECT_EQ(try_to_sign_in("ann", "wrong").status, 401);
        }
        EXPECT_EQ(try_to_sign_in("ann").status, 200);
    }
}

TEST_F(ApiTest, ALockSurvivesARestart)
{
    add_user("ann", {Role::security_officer});
    for (int i = 0; i < 5; ++i) {
        static_cast<void>(try_to_sign_in("ann", "wrong"));
    }
    start_api(nullptr);
    EXPECT_EQ(try_to_sign_in("ann").status, 429);
}

TEST_F(ApiTest, ALockIsLoggedOnceWithWhoTriedAndUntilWhen)
{
    start_logging();
    add_user("ann", {Role::security_officer});
    for (int i = 0; i < 4; ++i) {
        static_cast<void>(try_to_sign_in("ann", "wrong"));
    }
    EXPECT_EQ(logged(), "");
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(try_to_sign_in("ann", "wrong"));
    }
    const auto text = logged();
    EXPECT_THAT(text, testing::HasSubstr("control.account_locked"));
    EXPECT_THAT(text, testing::HasSubstr("user=\"ann\" peer=\"192.0.2.1\" until=\"20"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST_F(ApiTest, SigningOutEndsTheSession)
{
    const auto jar = officer();
    EXPECT_EQ(ask(jar, "DELETE", "/session").status, 204);
    EXPECT_EQ(ask(jar, "GET", "/session").status, 401);
}

TEST_F(ApiTest, ADisabledAccountIsOutAtOnce)
{
    const auto admin = administrator();
    const auto user = add_user("ann", {Role::security_officer});
    const auto jar = sign_in("ann");
    const auto path = "/users/" + user.id.to_string();
    EXPECT_EQ(ask(admin, "PATCH", path, R"({"enabled":false})").status, 200);
    EXPECT_EQ(ask(jar, "GET", "/alerts").status, 401);
    EXPECT_EQ(try_to_sign_in("ann").status, 401);
}

TEST_F(ApiTest, TheFirstAccountHasToChangeItsPasswordFirst)
{
    const auto secret = make_first_account(writer, cheap()).value();
    ASSERT_TRUE(secret);
    EXPECT_FALSE(make_first_account(writer, cheap()).value());
    const auto jar = sign_in("admin", *secret);
    EXPECT_EQ(ask(jar, "GET", "/users").code(), "password_change_required");
    const nlohmann::json change{{"current_password", *secret}, {"new_password", password}};
    EXPECT_EQ(ask(jar, "POST", "/session/password", change.dump()).status, 204);
    EXPECT_EQ(ask(jar, "GET", "/users").status, 200);
    EXPECT_EQ(ask(jar, "GET", "/alerts").status, 200); // both duties
}

TEST_F(ApiTest, AChangedPasswordEndsTheOtherSessions)
{
    add_user("root", {Role::administrator}); // no change may leave none
    add_user("ann", {Role::security_officer});
    const auto other = sign_in("ann");
    const auto own = sign_in("ann");
    const nlohmann::json change{{"current_password", password},
                                {"new_password", "another long password"}};
    EXPECT_EQ(ask(own, "POST", "/session/password", change.dump()).status, 204);
    EXPECT_EQ(ask(other, "GET", "/session").status, 401);
    EXPECT_EQ(ask(own, "GET", "/session").status, 200);
}

TEST_F(ApiTest, AResetPasswordWorksOnceAndHasToBeChanged)
{
    add_user("root", {Role::administrator}); // no change may leave none
    add_user("ann", {Role::security_officer});
    const auto secret = reset_password(writer, "ann", {}, cheap()).value();
    EXPECT_EQ(try_to_sign_in("ann").status, 401);
    EXPECT_EQ(ask(sign_in("ann", secret), "GET", "/alerts").code(), "password_change_required");
}

TEST(SessionsOver, IdleAndOldSessionsEnd)
{
    using namespace std::chrono_literals;
    Sessions sessions{{30min, 12h, 10}};
    const base::Instant start{};
    const auto [token, session] = sessions.begin(store::UserId::make(), 0, start);
    EXPECT_TRUE(sessions.use(token, start + 29min));
    EXPECT_TRUE(sessions.look_at(token, start + 58min));
    EXPECT_FALSE(sessions.use(token, start + 60min));
    const auto busy = sessions.begin(store::UserId::make(), 0, start).first;
    for (auto at = start; at < start + 12h; at += 20min) {
        EXPECT_TRUE(sessions.use(busy, at));
    }
    EXPECT_FALSE(sessions.use(busy, start + 12h));
}

TEST(SessionsOver, TheIdlestGoesWhereThereAreTooMany)
{
    using namespace std::chrono_literals;
    Sessions sessions{{30min, 12h, 2}};
    const base::Instant start{};
    const auto first = sessions.begin(store::UserId::make(), 0, start).first;
    const auto second = sessions.begin(store::UserId::make(), 0, start + 1min).first;
    EXPECT_TRUE(sessions.use(first, start + 2min));
    const auto third = sessions.begin(store::UserId::make(), 0, start + 3min).first;
    EXPECT_TRUE(sessions.use(first, start + 4min));
    EXPECT_FALSE(sessions.use(second, start + 4min));
    EXPECT_TRUE(sessions.use(third, start + 4min));
}

} // namespace
} // namespace watchpost::api
