#include "model/json.h"

#include <gtest/gtest.h>

#include "model/json_text.h"

namespace watchpost::model {
namespace {

Mailbox mailbox(std::string name)
{
    return {std::move(name), {"a@b.example", "a", "b.example", "example"}};
}

/// Every member has a value of its own.
MessageModel sample()
{
    MessageModel message;
    message.sender = mailbox("sender \"quoted\" \\ \n \x01 caf\xc3\xa9");
    message.recipients = {{mailbox("to"), mailbox("")}, {mailbox("cc")}, {mailbox("bcc")}};
    message.subject = "subject";
    message.headers.message_id = "id@x";
    message.headers.date = "2003-07-01T08:52:37Z";
    message.headers.reply_to = {mailbox("reply")};
    message.headers.return_path = mailbox("return");
    message.headers.in_reply_to = {"0@x"};
    message.headers.references = {"1@x", "2@x"};
    message.headers.mailer = "mailer";
    message.headers.hops = {{3, "from", "by", "with", "id", "for", "time", "raw", -3}};
    message.headers.sender = {mailbox("agent")};
    message.headers.sender_notes = {{"sender_differs", "agent"}};
    message.headers.authentication = {
        {"mx", true, {{"spf", "pass", "good", {{"smtp.from", "a"}}}}}};
    message.headers.fields = {{"Subject", "subject"}, {"X", ""}};
    message.body = {
        "plain",
        "<p>html",
        "text of html",
        true,
        {{"href", "shown", "href", "1.2", {{"W", "u"}}, "written", "shown address", true}},
        "hidden"};
    message.html = {{"1.2",
                     "strict",
                     "seen",
                     "hidden",
                     {"display"},
                     1,
                     "base",
                     "refresh",
                     {{"action", "post", 2}},
                     {3, 4, 5, 6, 7},
                     8,
                     9,
                     {"atob("},
                     10,
                     true}};
    message.attachments = {
        {"2", "a.pdf", "application/pdf", "cid", "inline", 18446744073709551615U, "00ff"}};
    Copy copy;
    copy.form = "journal_report";
    copy.setting = "auto";
    copy.part = "2";
    copy.evidence = {"evidence"};
    copy.arrived = {mailbox("carrier"), {mailbox("journal")}, "s", "id", {{"Delivered-To", "a"}}};
    copy.recipients = {{mailbox("known"), "bcc", "journal_report", "list@x", "user@x"}};
    copy.was_cut = true;
    copy.journal = {"1", "2", "3", "4", "5", "6", "7", "8", {"9"}};
    copy.other_parts = {"3"};
    message.copy = copy;
    return message;
}

std::string replaced(std::string json, std::string_view what, std::string_view with)
{
    const auto at = json.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return json.replace(at, what.size(), with);
}

TEST(ModelJson, ReadsBackWhatItWrites)
{
    const auto read = from_json(to_json(sample()));
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(*read, sample());
    EXPECT_EQ(from_json(to_json(MessageModel{})).value(), MessageModel{});
}

// docs/message-data-model.md shows the same.
TEST(ModelJson, ShapeIsThatOfThePublicModel)
{
    MessageModel message;
    message.sender = mailbox("A");
    message.subject = "s";
    const auto json = to_json(message);
    EXPECT_TRUE(json.starts_with(
        R"({"sender":{"display_name":"A","email":{"email":"a@b.example","local_part":"a",)"
        R"("domain":{"domain":"b.example","root_domain":"example"}}},)"
        R"("recipients":{"to":[],"cc":[],"bcc":[]},"subject":{"subject":"s"},"headers":{)"));
    EXPECT_NE(json.find(R"("return_path":null)"), std::string::npos);
    EXPECT_EQ(json.find('\n'), std::string::npos);
}

TEST(ModelJson, TextThatIsNotUtf8IsMended)
{
    MessageModel message;
    message.subject = "a\xff\xc3";
    const auto read = from_json(to_json(message));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->subject, "a\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(ModelJson, EveryOtherShapeIsRefused)
{
    const auto json = to_json(sample());
    for (const auto& wrong : {
             replaced(json, R"("subject":"subject")", R"("subject":1)"),
             replaced(json, R"("subject":"subject")", R"("subject":null)"),
             replaced(json, R"("subject":"subject")", R"("subjekt":"subject")"),
             replaced(json, R"("subject":"subject")", R"("subject":"x","subject":"subject")"),
             replaced(json, R"("subject":"subject")", R"("subject":"subject","more":1)"),
             replaced(json, R"("was_cut":true)", R"("was_cut":1)"),
             replaced(json, R"("index":3)", R"("index":-3)"),
             replaced(json, R"("index":3)", R"("index":4294967296)"),
             replaced(json, R"("index":3)", R"("index":3.0)"),
             replaced(json, R"("delay_s":-3)", R"("delay_s":9223372036854775808)"),
             replaced(json, R"("delay_s":-3)", R"("delay_s":"3")"),
             replaced(json, R"("references":["1@x","2@x"])", R"("references":[1])"),
             replaced(json, R"("references":["1@x","2@x"])", R"("references":{})"),
             replaced(json, R"("to":[)", R"("to":[{},)"),
             replaced(json, R"("sender":{)", R"("sender":[{)"),
             replaced(json, R"("subject":"subject")", "\"subject\":\"\xff\""),
             replaced(json, R"("subject":"subject")", R"("subject":"\ud800")"),
             replaced(json, R"("subject":"subject")", R"("subject":"\udc00")"),
             replaced(json, R"("subject":"subject")", R"("subject":"\ud800\u0041")"),
             json + "x",
             std::string{"[]"},
             std::string{"null"},
             std::string{},
         }) {
        const auto read = from_json(wrong);
        ASSERT_FALSE(read) << wrong;
        EXPECT_EQ(read.error().code(), base::ErrorCode::damaged);
    }
}

TEST(ModelJson, ErrorNamesTheMember)
{
    const auto read = from_json(replaced(to_json(sample()), R"("was_cut":true)", R"("was_cut":1)"));
    EXPECT_EQ(read.error().describe(),
              "read a message data model: damaged: was_cut: is neither true nor false");
}

TEST(ModelJsonStanding, StopsCleanlyAtEveryOffset)
{
    const auto json = to_json(sample());
    for (std::size_t length = 0; length < json.size(); ++length) {
        EXPECT_FALSE(from_json(std::string_view{json}.substr(0, length)));
    }
}

TEST(ModelJsonStanding, EachLimitIsAnError)
{
    const auto json = to_json(sample());
    JsonLimits limits;
    limits.bytes_max = json.size() - 1;
    EXPECT_EQ(from_json(json, limits).error().code(), base::ErrorCode::limit_exceeded);
    limits = {};
    limits.depth_max = 2;
    EXPECT_FALSE(from_json(json, limits));
    limits = {};
    limits.values_max = 50;
    EXPECT_FALSE(from_json(json, limits));
}

TEST(ModelJsonHostile, MebibytesOfBracketsAndNumbersAreRefusedWithoutATree)
{
    for (const std::string_view unit : {"[", "{\"a\":", "1,", "{},", "\"x\","}) {
        std::string json = "[";
        while (json.size() < (std::size_t{8} << 20U)) {
            json += unit;
        }
        EXPECT_FALSE(from_json(json));
    }
}

TEST(JsonText, ControlsAreEscapedAndNumbersAreWhole)
{
    JsonText json;
    json.begin_array();
    json.value(std::string_view{"\0\x1f\x7f\"\\\t", 6});
    json.value(std::uint64_t{18446744073709551615U});
    json.value_bool(false);
    json.null();
    json.begin_object();
    json.key("a");
    json.begin_array();
    json.end_array();
    json.end_object();
    json.end_array();
    EXPECT_EQ(json.take(),
              "[\"\\u0000\\u001f\x7f\\\"\\\\\\t\",18446744073709551615,false,null,{\"a\":[]}]");
}

} // namespace
} // namespace watchpost::model
