#include "pipeline/service_messages.h"

#include <gtest/gtest.h>

namespace watchpost::pipeline {
namespace {

const base::Instant some_time{std::chrono::microseconds{1'800'000'000'123'456}};

TEST(ServiceMessages, ARecordComesBackAsItWasSent)
{
    RecordCall call;
    auto& record = call.record;
    record.id = store::MessageId::make();
    record.refetched_as = store::MessageId::make();
    record.mailbox = store::MailboxId::make();
    record.received_at = some_time;
    record.inspected_at = some_time;
    record.octets = 12;
    record.sha256 = "ab";
    record.message_id_field = "<1@example.org>";
    record.sender = "Ä <a@example.org>";
    record.recipients = {"b@example.org", "c@example.org"};
    record.blind_recipients = {"c@example.org"};
    record.copy_form = "journal_report";
    record.arrived_from = "exchange@example.org";
    record.subject = "\"quoted\"\n";
    record.is_detected = record.is_partial = record.awaits_reinspection = true;
    record.importance = verdict::Importance::medium;
    record.sentence = "Malware.";
    record.engines = {"yara"};
    record.rules = {"eicar"};
    record.report_json = R"({"verdict":"detected"})";
    record.content_kept = true;
    call.inspection = Inspection::repeated;
    const std::string json = to_json(call);
    const auto back = parse_record_call(json).value();
    EXPECT_EQ(to_json(back), json);
    EXPECT_EQ(back.record.id, record.id);
    EXPECT_EQ(back.record.refetched_as, record.refetched_as);
    EXPECT_EQ(back.record.subject, record.subject);
    EXPECT_EQ(back.record.blind_recipients, record.blind_recipients);
    EXPECT_EQ(back.record.arrived_from, record.arrived_from);
    EXPECT_EQ(back.record.received_at, some_time);
    EXPECT_EQ(back.inspection, Inspection::repeated);
}

TEST(ServiceMessages, StatusComesBackAsItWasSent)
{
    PipelineStatus status;
    status.engines = {{"clamav", "down", "1.0", "no socket"}};
    status.backlog = 3;
    status.awaiting_reinspection = 2;
    status.oldest_at = some_time;
    status.warnings = {"disk"};
    status.builtin_rule_count = 4;
    status.rules_revision = 1'700'000'000'000'000;
    EXPECT_EQ(parse_pipeline_status(to_json(status)).value(), status);
    EXPECT_EQ(parse_pipeline_status(to_json(PipelineStatus{})).value(), PipelineStatus{});
}

TEST(ServiceMessages, TheSmallOnesComeBackAsTheyWereSent)
{
    const std::vector<store::MessageId> ids{store::MessageId::make(), store::MessageId::make()};
    EXPECT_EQ(parse_ids("ids", ids_to_json("ids", ids)).value(), ids);
    EXPECT_EQ(parse_message(message_to_json(ids[0])).value(), ids[0]);
    EXPECT_EQ(parse_limit(limit_to_json(7)).value(), 7U);
    EXPECT_EQ(parse_rule_count(rule_count_to_json(9)).value(), 9U);
    const RuleList rules{{{"/s/rules/1.yar", "mine", verdict::Importance::low}}, 5};
    EXPECT_EQ(parse_rule_list(to_json(rules)).value(), rules);
    EXPECT_EQ(parse_rule_check(to_json(RuleCheck{"n", "rule"})).value().source, "rule");
    const std::vector<store::AwaitingMessage> awaiting{{ids[0], store::MailboxId::make()}};
    EXPECT_EQ(parse_awaiting(to_json(awaiting)).value(), awaiting);
    const CopySettings copies{{"01A", model::CopySetting::journal},
                              {"01B", model::CopySetting::plain}};
    EXPECT_EQ(parse_copies(to_json(copies)).value(), copies);
    const store::Recorded recorded{true, store::AlertId::make()};
    EXPECT_EQ(parse_recorded(to_json(recorded)).value().alert, recorded.alert);
}

TEST(ServiceMessages, WhatIsWrongIsNamed)
{
    for (const std::string json :
         {"", "[]", "{}", R"({"ids":1})", R"({"ids":["x"]})", R"({"ids":[1]})"}) {
        const auto ids = parse_ids("ids", json);
        ASSERT_FALSE(ids) << json;
        EXPECT_EQ(ids.error().code(), base::ErrorCode::invalid_argument);
    }
    EXPECT_FALSE(parse_record_call("{}"));
    EXPECT_FALSE(parse_copies(R"({"mailboxes":[{"id":"01A","copies":"sideways"}]})"));
    EXPECT_FALSE(parse_awaiting(R"({"messages":{}})"));
    EXPECT_FALSE(parse_limit(R"({"limit":-1})"));
    EXPECT_FALSE(
        parse_rule_list(R"({"files":[{"path":"a","name":"b","importance":"x"}],"revision":1})"));
}

} // namespace
} // namespace watchpost::pipeline
