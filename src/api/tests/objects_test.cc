#include "api/tests/api_fixture.h"

#include <gmock/gmock.h>

#include "api/tests/contract.h"
#include "crypto/sha256.h"

namespace watchpost::api {
namespace {

using inspect::ObjectView;
using inspect::ViewForm;

constexpr auto strange_path = "2!a b/<img>&%21.exe";

class Objects : public ApiTest {
protected:
    Objects()
    {
        store::MessageRecord record;
        record.id = store::MessageId::make();
        record.is_detected = record.content_kept = true;
        record.importance = verdict::Importance::high;
        const auto part = [this](const char* where, const char* reading) {
            return nlohmann::json{{"path", where}, {"reading", reading}, {"sha256", digest}};
        };
        record.report_json =
            nlohmann::json{{"parts", {part("1", "strict"), part(strange_path, "bare_cr")}}}.dump();
        backend.content[record.id.to_string()] = "x";
        message = record.id;
        const auto recorded =
            writer.run([&](store::Store& target) { return target.record(record); });
        path = "/alerts/" + recorded.value().alert.value().to_string() + "/object";
    }

    Reply view(http::NamedValues query) { return ask(jar, "GET", path, "", std::move(query)); }
    Reply zip(http::NamedValues query)
    {
        return ask(jar, "GET", path + "/zip", "", std::move(query));
    }

    std::string digest = crypto::to_hex(crypto::sha256(base::as_bytes("hello")));
    store::MessageId message;
    std::string path;
    Jar jar = officer();
};

TEST_F(Objects, EachPreviewHasTheShapeOfTheContract)
{
    const test::Contract contract;
    for (const std::string as : {"text", "octets", "image"}) {
        const auto reply = view({{"part", "1"}, {"as", as}});
        ASSERT_EQ(reply.status, 200) << reply.json;
        EXPECT_THAT(contract.faults("ObjectView", reply.json), testing::IsEmpty());
        EXPECT_EQ(reply.json["as"], as);
        EXPECT_EQ(reply.json["sha256"], digest);
    }
    EXPECT_EQ(view({{"part", "1"}}).json["text"], "hello");
    EXPECT_EQ(view({{"part", "1"}, {"as", "octets"}}).json["octets"], "aGVsbG8=");
    EXPECT_EQ(view({{"part", "1"}, {"as", "image"}}).json["png"], "aGVsbG8=");
}

TEST_F(Objects, ThePipelineIsAskedForTheObjectOfTheReport)
{
    EXPECT_EQ(view({{"part", strange_path}, {"reading", "bare_cr"}}).status, 200);
    ASSERT_TRUE(backend.wished);
    EXPECT_EQ(backend.wished->path, strange_path);
    EXPECT_EQ(backend.wished->reading, "bare_cr");
    EXPECT_EQ(crypto::to_hex(backend.wished->sha256), digest);
}

TEST_F(Objects, WhatTheReportDoesNotHaveIsNotAskedFor)
{
    EXPECT_EQ(view({{"part", "9"}}).status, 404);
    EXPECT_EQ(view({{"part", "1"}, {"reading", "bare_cr"}}).status, 404);
    EXPECT_EQ(zip({{"part", "9"}}).status, 404);
    EXPECT_FALSE(backend.wished);
}

TEST_F(Objects, EachUnusableParameterIsNamed)
{
    const auto reply = view({{"as", "whole"}, {"reading", std::string(70'000, 'a')}});
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.json["fields"].size(), 3U) << reply.json;
    EXPECT_EQ(view({{"part", "1"}, {"as", "html"}}).status, 422);
}

TEST_F(Objects, AnObjectComesInAnEncryptedZipUnderNoNameOfItsOwnAndThatIsNoted)
{
    const auto reply = zip({{"part", strange_path}, {"reading", "bare_cr"}});
    ASSERT_EQ(reply.status, 200) << reply.json;
    EXPECT_EQ(reply.raw.body.substr(0, 2), "PK");
    EXPECT_EQ(reply.raw.body.find("hello"), std::string::npos);
    EXPECT_EQ(reply.raw.body.find(".exe"), std::string::npos);
    EXPECT_NE(reply.raw.body.find(message.to_string() + '-' + digest.substr(0, 16) + ".bin"),
              std::string::npos);
    const auto history = ask(jar, "GET", path.substr(0, path.rfind('/'))).json["history"].back();
    EXPECT_EQ(history["action"], "object_downloaded");
    EXPECT_EQ(history["comment"], "part " + std::string{strange_path} + ", SHA-256 " + digest);
}

TEST_F(Objects, APreviewIsNoStepInTheLifeOfTheAlert)
{
    EXPECT_EQ(view({{"part", "1"}}).status, 200);
    EXPECT_EQ(ask(jar, "GET", path.substr(0, path.rfind('/'))).json["history"].size(), 1U);
}

TEST_F(Objects, WhyThereIsNoPreviewIsTold)
{
    backend.view_of = [](ViewForm form) {
        ObjectView faulty;
        faulty.form = form;
        faulty.fault = "It cannot be drawn.";
        return faulty;
    };
    const auto reply = view({{"part", "1"}, {"as", "image"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json["fault"], "It cannot be drawn.");
    EXPECT_FALSE(reply.json.contains("png"));
    const auto refused = zip({{"part", "1"}});
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(refused.json["detail"], "It cannot be drawn.");
}

TEST_F(Objects, EachFailureOfThePipelineIsAProblemWithARemedy)
{
    const std::vector<std::pair<base::ErrorCode, int>> statuses{
        {base::ErrorCode::not_found, 404},
        {base::ErrorCode::engine_failed, 503},
        {base::ErrorCode::busy, 503},
        {base::ErrorCode::timed_out, 503},
        {base::ErrorCode::protocol_violation, 500}};
    for (const auto& [code, status] : statuses) {
        backend.view_of = [code](ViewForm) {
            return base::Result<ObjectView>{base::fail(code, base::Retry::later, "why")};
        };
        for (const auto& reply : {view({{"part", "1"}}), zip({{"part", "1"}})}) {
            EXPECT_EQ(reply.status, status) << base::to_string(code);
            EXPECT_NE(reply.json.value("detail", "").find("why"), std::string::npos) << reply.json;
        }
    }
}

TEST_F(Objects, AMessageThatIsNoLongerKeptHasNone)
{
    store::MessageRecord record;
    record.id = store::MessageId::make();
    record.is_detected = true;
    record.importance = verdict::Importance::high;
    record.report_json = nlohmann::json{{"parts", {{{"path", "1"}, {"sha256", digest}}}}}.dump();
    const auto alert =
        writer.run([&](store::Store& target) { return target.record(record); }).value().alert;
    path = "/alerts/" + alert.value().to_string() + "/object";
    EXPECT_EQ(view({{"part", "1"}}).status, 410);
    EXPECT_EQ(zip({{"part", "1"}}).status, 410);
    EXPECT_FALSE(backend.wished);
}

} // namespace
} // namespace watchpost::api
