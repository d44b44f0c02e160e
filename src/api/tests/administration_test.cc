#include <gmock/gmock.h>

#include "api/tests/api_fixture.h"
#include "api/tests/contract.h"

#include "http/event_stream.h"

namespace watchpost::api {
namespace {

using store::Role;

class Administration : public ApiTest {
protected:
    Jar admin = administrator();
    std::string sensor = "/sensors/" + store->this_node().to_string();

    static nlohmann::json settings()
    {
        return {{"name", "Copies"}, {"enabled", true},       {"server", "mail.example.org"},
                {"port", 995},      {"receive_every_s", 60}, {"use_tls", true},
                {"user", "copies"}, {"password", "geheim"}};
    }
    nlohmann::json add_mailbox()
    {
        const auto reply = ask(admin, "POST", sensor + "/mailboxes", settings().dump());
        EXPECT_EQ(reply.status, 201) << reply.json;
        return reply.json;
    }
    Reply apply(const nlohmann::json& mailbox, const nlohmann::json& changed)
    {
        return ask(admin, "PUT", sensor + "/mailboxes/" + mailbox["id"].get<std::string>(),
                   changed.dump());
    }
};

TEST_F(Administration, APasswordIsWrittenAndNeverRead)
{
    const auto mailbox = add_mailbox();
    EXPECT_EQ(mailbox["password_set"], true);
    const auto reply = ask(admin, "GET", sensor + "/mailboxes");
    EXPECT_EQ(reply.raw.body.find("geheim"), std::string::npos);
    EXPECT_EQ(store->mailboxes().value().at(0).sealed_password, "sealed:geheim");
    EXPECT_EQ(backend.mailbox_changes, 1);
}

TEST_F(Administration, ANewMailboxNeedsAPassword)
{
    auto json = settings();
    json.erase("password");
    const auto reply = ask(admin, "POST", sensor + "/mailboxes", json.dump());
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json["fields"][0]["field"], "password");
}

TEST_F(Administration, ThePasswordIsTypedAgainWhereTheServerChanges)
{
    const auto mailbox = add_mailbox();
    auto changed = settings();
    changed.erase("password");
    changed["version"] = mailbox["version"];
    changed["receive_every_s"] = 120;
    const auto applied = apply(mailbox, changed);
    EXPECT_EQ(applied.status, 200) << applied.json;
    changed["version"] = applied.json["version"];
    const nlohmann::json others{{"server", "evil.example"},
                                {"port", 996},
                                {"use_tls", false},
                                {"certificate", "any"},
                                {"user", "other"}};
    for (const auto& [field, value] : others.items()) {
        auto other = changed;
        other[field] = value;
        const auto reply = apply(mailbox, other);
        EXPECT_EQ(reply.status, 422) << field;
        EXPECT_EQ(reply.json["fields"][0]["field"], "password") << field;
    }
}

TEST_F(Administration, AStaleVersionIsRefused)
{
    const auto mailbox = add_mailbox();
    auto changed = settings();
    changed["version"] = mailbox["version"];
    EXPECT_EQ(apply(mailbox, changed).status, 200);
    EXPECT_EQ(apply(mailbox, changed).code(), "stale_version");
    changed.erase("password");
    changed["server"] = "other.example"; // what somebody else applied, not this one, changed it
    EXPECT_EQ(apply(mailbox, changed).code(), "stale_version");
    changed.erase("version");
    EXPECT_EQ(apply(mailbox, changed).status, 422);
}

TEST_F(Administration, ATestSavesNothingAndUsesTheStoredPasswordByTheSameRule)
{
    const auto mailbox = add_mailbox();
    auto unsaved = settings();
    unsaved.erase("password");
    nlohmann::json body{{"mailbox_id", mailbox["id"]}, {"settings", unsaved}};
    const auto reply = ask(admin, "POST", sensor + "/mailbox-test", body.dump());
    EXPECT_EQ(reply.status, 200) << reply.json;
    EXPECT_EQ(reply.json["steps"][0]["step"], "resolve");
    EXPECT_EQ(backend.tested_password, "sealed:geheim");
    body["settings"]["server"] = "evil.example";
    EXPECT_EQ(ask(admin, "POST", sensor + "/mailbox-test", body.dump()).status, 422);
    EXPECT_EQ(store->mailboxes().value().at(0).version, mailbox["version"]);
}

TEST_F(Administration, TheServiceChecksTheSettings)
{
    auto json = settings();
    json["server"] = "";
    const auto reply = ask(admin, "POST", sensor + "/mailboxes", json.dump());
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json["fields"][0]["field"], "server");
}

TEST_F(Administration, AMailboxIsRemovedAndPolled)
{
    const auto path = sensor + "/mailboxes/" + add_mailbox()["id"].get<std::string>();
    EXPECT_EQ(ask(admin, "POST", path + "/poll").status, 202);
    EXPECT_EQ(ask(admin, "DELETE", path).status, 204);
    EXPECT_EQ(ask(admin, "GET", path).status, 404);
}

TEST_F(Administration, TheServerListShowsThisNode)
{
    backend.mailbox.state = MailboxState::error;
    backend.mailbox.last_error = "log in: refused";
    add_mailbox();
    const auto reply = ask(admin, "GET", "/sensors");
    EXPECT_EQ(reply.json["items"][0]["pop3"], "error");
    EXPECT_EQ(reply.json["items"][0]["last_error"], "log in: refused");
    EXPECT_EQ(ask(admin, "GET", sensor).status, 200);
    EXPECT_EQ(ask(admin, "GET", "/sensors/00000000000000000000000000").status, 404);
}

TEST_F(Administration, AServerWithoutRoomIsPausedAndSaysWhy)
{
    backend.mailbox.state = MailboxState::paused;
    backend.mailbox.last_error = "the spool has reached its limit";
    add_mailbox();
    const auto server = ask(admin, "GET", "/sensors").json["items"][0];
    EXPECT_EQ(server["pop3"], "paused");
    EXPECT_EQ(server["last_error"], "the spool has reached its limit");
}

TEST_F(Administration, TheLastPollsAreShownInTheShapeOfTheContract)
{
    PollRecord record;
    record.number = 3;
    record.result = collector::PollResult::failed;
    record.steps = {{"connect", std::chrono::milliseconds{12}, false},
                    {"log in", std::chrono::milliseconds{40}, true}};
    record.error = "log in: refused";
    record.notes = {"a note"};
    backend.poll_list = {{record}, 1};
    const auto path = sensor + "/mailboxes/" + add_mailbox()["id"].get<std::string>() + "/polls";
    const auto reply = ask(admin, "GET", path);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json["damaged"], 1);
    EXPECT_EQ(reply.json["items"][0]["steps"][1]["outcome"], "failed");
    EXPECT_EQ(reply.json["items"][0]["steps"][1]["duration_ms"], 40);
    const test::Contract contract;
    EXPECT_THAT(contract.faults("listPolls", 200, "application/json", reply.raw.body),
                testing::IsEmpty());
}

TEST_F(Administration, WhereItsCollectorGoesEachMailboxIsTold)
{
    const auto one = add_mailbox()["id"].get<std::string>();
    const auto other = add_mailbox()["id"].get<std::string>();
    const auto stream = ask(admin, "GET", "/events").raw.events;
    ASSERT_TRUE(stream);
    backend.mailbox.state = MailboxState::error;
    api->on_mailboxes();
    const auto heard = stream->take().value();
    for (const auto& id : {one, other}) {
        EXPECT_NE(heard.find(id), std::string::npos) << heard;
    }
    EXPECT_NE(heard.find(R"("state":"error")"), std::string::npos) << heard;
}

TEST_F(Administration, ACipherStringIsExplainedOrRefused)
{
    const auto good = ask(admin, "GET", "/cipher-suites", "", {{"ciphers", "HIGH"}});
    EXPECT_EQ(good.json["suites"].size(), 1U);
    const auto bad = ask(admin, "GET", "/cipher-suites", "", {{"ciphers", "NONSENSE"}});
    EXPECT_EQ(bad.json["fields"][0]["field"], "ciphers");
}

TEST_F(Administration, SeparateDutiesForbidThePair)
{
    const auto ann = add_user("ann", {Role::administrator, Role::senior_security_officer});
    const auto refused = ask(admin, "PUT", "/settings", R"({"separate_duties":true})");
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.json["title"].get<std::string>().find("ann"), std::string::npos);
    const auto path = "/users/" + ann.id.to_string();
    EXPECT_EQ(ask(admin, "PATCH", path, R"({"roles":["security_officer"]})").status, 200);
    EXPECT_EQ(ask(admin, "PUT", "/settings", R"({"separate_duties":true})").status, 200);
    const auto pair =
        ask(admin, "PATCH", path, R"({"roles":["administrator","senior_security_officer"]})");
    EXPECT_EQ(pair.json["fields"][0]["field"], "roles");
}

TEST_F(Administration, TheLastAdministratorStays)
{
    const auto id = store->user_by_name("root").value().id.to_string();
    EXPECT_EQ(ask(admin, "PATCH", "/users/" + id, R"({"enabled":false})").status, 409);
    EXPECT_EQ(ask(admin, "PATCH", "/users/" + id, R"({"roles":["security_auditor"]})").status, 409);
}

TEST_F(Administration, AnAccountIsAddedWithFieldErrors)
{
    const auto bad = ask(admin, "POST", "/users", R"({"name":"1x","password":"short","roles":[]})");
    EXPECT_EQ(bad.status, 422);
    EXPECT_EQ(bad.json["fields"].size(), 3U) << bad.json;
    const nlohmann::json good{
        {"name", "ann"}, {"password", password}, {"roles", {"security_officer"}}};
    EXPECT_EQ(ask(admin, "POST", "/users", good.dump()).status, 201);
    EXPECT_EQ(ask(admin, "POST", "/users", good.dump()).status, 409);
    EXPECT_EQ(ask(sign_in("ann"), "GET", "/alerts").code(), "password_change_required");
}

TEST_F(Administration, RulesAreCompiledBeforeTheyAreAccepted)
{
    const auto jar = officer();
    const auto bad = ask(jar, "POST", "/yara-rules", R"({"name":"a.yar","source":"broken"})");
    EXPECT_EQ(bad.status, 422);
    EXPECT_NE(bad.json["fields"][0]["message"].get<std::string>().find("line 1"),
              std::string::npos);
    const auto good = ask(jar, "POST", "/yara-rules", R"({"name":"a.yar","source":"rule r {}"})");
    EXPECT_EQ(good.status, 201) << good.json;
    EXPECT_EQ(backend.yara_changes, 1);
    const auto path = "/yara-rules/" + good.json["id"].get<std::string>();
    EXPECT_EQ(ask(jar, "GET", path).json["source"], "rule r {}");
    EXPECT_EQ(ask(jar, "DELETE", path).status, 204);
    EXPECT_EQ(ask(jar, "GET", "/yara-rules").json["items"].size(), 0U);
}

TEST_F(Administration, EveryChangeLeavesAnAuditRow)
{
    add_mailbox();
    ask(admin, "PUT", "/settings", R"({"separate_duties":false})");
    const auto rows = store->audit_rows(100).value();
    const auto has = [&](const std::string& user, const char* action) {
        return std::ranges::any_of(rows, [&](const store::AuditRow& row) {
            return row.action == action && row.actor.user_name == user;
        });
    };
    EXPECT_TRUE(has("root", "session.began"));
    EXPECT_TRUE(std::ranges::any_of(rows, [](const auto& row) {
        return row.action.starts_with("mailbox.") && row.actor.peer_address == "192.0.2.1";
    }));
    for (const auto& row : rows) {
        EXPECT_EQ(row.detail.find("geheim"), std::string::npos);
    }
}

TEST_F(Administration, MetricsAreForThisMachineAndForWhoIsSignedIn)
{
    backend.service.engines.push_back({"clamav", "down", "", "no \"socket\""});
    http::Request request;
    request.method = "GET";
    request.path = "/metrics";
    request.peer_address = "192.0.2.1";
    EXPECT_EQ(api->answer(request).status, 401);
    request.peer_address = "127.0.0.1";
    const auto response = api->answer(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.body.find("watchpost_engine_up{engine=\"clamav\"} 0\n"), std::string::npos);
}

TEST_F(Administration, ANewCertificateIsLogged)
{
    start_logging();
    admin = sign_in("root");
    for (const char* const pem : {"broken", "good"}) {
        const nlohmann::json body{{"certificate_pem", pem}, {"key_pem", "key"}};
        static_cast<void>(ask(admin, "PUT", "/tls-certificate", body.dump()));
    }
    const auto text = logged();
    EXPECT_NE(text.find("control.certificate_changed"), std::string::npos) << text;
    EXPECT_NE(text.find("user=\"root\""), std::string::npos) << text;
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST_F(Administration, ABodyThatIsNestedTooDeepIsRefused)
{
    const std::string deep(1'000'000, '[');
    EXPECT_EQ(ask(admin, "PUT", "/settings", deep).status, 422);
    EXPECT_EQ(ask({}, "POST", "/session", deep).status, 422);
}

TEST_F(Administration, OnlyAnUploadedCertificateIsDemandedForAYear)
{
    const auto is_demanded = [&] {
        const auto headers = ask(admin, "GET", "/status").raw.headers;
        return std::ranges::any_of(headers, [](const auto& header) {
            return header.first == "strict-transport-security";
        });
    };
    EXPECT_FALSE(is_demanded());
    certificates.certificate.is_self_made = false;
    EXPECT_TRUE(is_demanded());
}

TEST_F(Administration, EveryAnswerCarriesTheRulesForItsContent)
{
    const auto reply = ask(admin, "GET", "/status");
    for (const char* const name : {"content-security-policy", "x-content-type-options"}) {
        EXPECT_TRUE(std::ranges::any_of(reply.raw.headers,
                                        [&](const auto& header) { return header.first == name; }));
    }
    EXPECT_EQ(ask(admin, "GET", "/nothing").status, 404);
    const auto wrong = ask(admin, "PUT", "/users");
    EXPECT_EQ(wrong.status, 405);
}

} // namespace
} // namespace watchpost::api
