#include "api/tests/api_fixture.h"

#include "http/event_stream.h"

namespace watchpost::api {
namespace {

using store::Role;

TEST_F(ApiTest, TheListIsFilteredAndPaged)
{
    const auto jar = officer();
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(raise("Invoice " + std::to_string(i)));
    }
    static_cast<void>(raise("Parcel"));
    const auto first = ask(jar, "GET", "/alerts", "", {{"subject", "invoice"}, {"limit", "2"}});
    EXPECT_EQ(first.json["items"].size(), 2U);
    EXPECT_EQ(first.json["total"], 3);
    const auto second =
        ask(jar, "GET", "/alerts", "",
            {{"subject", "invoice"}, {"limit", "2"}, {"cursor", first.json["next_cursor"]}});
    EXPECT_EQ(second.json["items"].size(), 1U);
    EXPECT_FALSE(second.json.contains("next_cursor"));
}

TEST_F(ApiTest, EachUnusableFilterIsNamed)
{
    const auto reply = ask(officer(), "GET", "/alerts", "",
                           {{"state", "open"},
                            {"importance", "none"},
                            {"limit", "201"},
                            {"created_from", "yesterday"},
                            {"assignee", "somebody"},
                            {"order", "random"},
                            {"q", std::string(201, 'a')}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json["fields"].size(), 7U) << reply.json;
}

TEST_F(ApiTest, ADetailExplainsItsFindings)
{
    const auto jar = officer();
    const auto reply = ask(jar, "GET", "/alerts/" + raise().to_string());
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json["findings"][0]["rule"], "r");
    EXPECT_FALSE(reply.json["findings"][0]["sentence"].get<std::string>().empty());
    EXPECT_FALSE(reply.json["findings"][0]["advice"].get<std::string>().empty());
    EXPECT_EQ(reply.json["history"][0]["action"], "raised");
}

TEST_F(ApiTest, AnAlertSaysHowItsMessageArrived)
{
    const auto jar = officer();
    store::MessageRecord record;
    record.blind_recipients = {"alice@example.org"};
    record.copy_form = "journal_report";
    record.arrived_from = "exchange@example.org";
    const auto path = "/alerts/" + raise("Figures", record).to_string();
    const auto alert = ask(jar, "GET", path).json;
    EXPECT_EQ(alert["copy_form"], "journal_report");
    EXPECT_EQ(alert["arrived_from"], "exchange@example.org");
    EXPECT_EQ(alert["bcc_count"], 1);
    const auto plain = ask(jar, "GET", "/alerts/" + raise().to_string()).json;
    EXPECT_EQ(plain["copy_form"], "");
    EXPECT_EQ(plain["bcc_count"], 0);
}

TEST_F(ApiTest, AnAlertIsAssignedClosedAndReopened)
{
    const auto jar = officer();
    const auto ann = add_user("ann", {Role::security_officer});
    const auto path = "/alerts/" + raise().to_string();
    const nlohmann::json to_ann{{"assignee_id", ann.id.to_string()}};
    EXPECT_EQ(ask(jar, "POST", path + "/assign", to_ann.dump()).json["state"], "in_process");
    EXPECT_EQ(ask(jar, "POST", path + "/comment", R"({"comment":"seen"})").status, 200);
    EXPECT_EQ(ask(jar, "POST", path + "/close", "{}").json["state"], "processed");
    EXPECT_EQ(ask(jar, "POST", path + "/close", "{}").status, 409);
    const auto reopened = ask(jar, "POST", path + "/reopen", "{}");
    EXPECT_EQ(reopened.json["state"], "in_process");
    EXPECT_EQ(reopened.json["assignee"]["name"], "officer");
    EXPECT_EQ(ask(jar, "GET", path).json["history"].size(), 5U);
}

TEST_F(ApiTest, AnAlertGoesToAnEnabledOfficerOnly)
{
    const auto jar = officer();
    const auto auditor = add_user("eve", {Role::security_auditor});
    const auto path = "/alerts/" + raise().to_string() + "/assign";
    for (const std::string& id : {auditor.id.to_string(), std::string{"nobody"}}) {
        const auto reply = ask(jar, "POST", path, nlohmann::json{{"assignee_id", id}}.dump());
        EXPECT_EQ(reply.status, 422);
        EXPECT_EQ(reply.json["fields"][0]["field"], "assignee_id");
    }
}

TEST_F(ApiTest, AnUnknownFieldAndAnEmptyCommentAreRefused)
{
    const auto jar = officer();
    const auto path = "/alerts/" + raise().to_string();
    EXPECT_EQ(ask(jar, "POST", path + "/close", R"({"sate":"x"})").json["fields"][0]["field"],
              "sate");
    EXPECT_EQ(ask(jar, "POST", path + "/comment", R"({"comment":""})").status, 422);
    EXPECT_EQ(ask(jar, "POST", path + "/comment", "[]").status, 422);
}

TEST_F(ApiTest, TheRawMessageComesAsAnEncryptedZipAndThatIsNoted)
{
    const auto jar = officer();
    const auto path = "/alerts/" + raise().to_string();
    const auto reply = ask(jar, "GET", path + "/raw");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.raw.body.substr(0, 2), "PK");
    EXPECT_EQ(reply.raw.body.find("Subject"), std::string::npos);
    EXPECT_EQ(ask(jar, "GET", path).json["history"].back()["action"], "raw_downloaded");
}

TEST_F(ApiTest, ARawMessageThatIsNoLongerKeptIsGone)
{
    const auto jar = officer();
    const auto alert = raise();
    backend.content.clear();
    EXPECT_EQ(ask(jar, "GET", "/alerts/" + alert.to_string() + "/raw").status, 410);
}

TEST_F(ApiTest, AReportThatCannotBeReadIsAnErrorAndNotTheEnd)
{
    const auto jar = officer();
    store::MessageRecord record;
    record.id = store::MessageId::make();
    record.is_detected = true;
    record.importance = verdict::Importance::low;
    record.report_json = R"({"findings":[{"id":7}]})";
    const auto alert =
        writer.run([&](store::Store& target) { return target.record(record); }).value().alert;
    EXPECT_EQ(ask(jar, "GET", "/alerts/" + alert.value().to_string()).status, 500);
    EXPECT_EQ(ask(jar, "GET", "/alerts").status, 200);
}

TEST_F(ApiTest, AListenerSeesWhatHisRolesMaySee)
{
    const auto jar = officer();
    const auto admin = administrator();
    const auto officer_stream = ask(jar, "GET", "/events").raw.events;
    const auto admin_stream = ask(admin, "GET", "/events").raw.events;
    ASSERT_TRUE(officer_stream && admin_stream);
    api->on_alert(raise());
    EXPECT_TRUE(officer_stream->take().value().starts_with("event: alert\n"));
    EXPECT_EQ(admin_stream->take(), "");
    api->on_status();
    EXPECT_TRUE(admin_stream->take().value().starts_with("event: status\n"));
}

TEST_F(ApiTest, AListenerWhoSignedOutHearsNoMore)
{
    const auto jar = officer();
    const auto stream = ask(jar, "GET", "/events").raw.events;
    EXPECT_EQ(ask(jar, "DELETE", "/session").status, 204);
    EXPECT_TRUE(stream->is_closed());
    api->on_alert(raise());
    EXPECT_FALSE(stream->take().has_value());
}

} // namespace
} // namespace watchpost::api
