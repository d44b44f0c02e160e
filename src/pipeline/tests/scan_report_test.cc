#include <gtest/gtest.h>

#include "pipeline/scan_report.h"

namespace watchpost::pipeline {
namespace {

inspect::Report detected_report()
{
    inspect::Report report;
    report.parts.push_back({"1", "strict", "text/plain", "text/plain", "", 5, {}});
    report.findings.push_back({"yara", "yara.match", "EICAR_test_file", verdict::Importance::high,
                               "1", "strict", "at offset 0"});
    report.not_inspected.push_back({"2", "", "encrypted_archive", "secret.7z"});
    report.defects.push_back({"missing_final_boundary", "1", 77, ""});
    report.message.subject = "hi";
    return report;
}

TEST(ScanReport, TheLineHasTheKeysOfTheContractInTheirOrder)
{
    const auto line = to_json_line(conclude("a.eml", detected_report()));
    const std::string zeros(64, '0');
    EXPECT_TRUE(line.starts_with(
        R"({"file":"a.eml","verdict":"detected","inspected":"partial",)"
        R"("not_inspected":[{"part":"2","engine":"","reason":"encrypted_archive","detail":"secret.7z"}],)"
        R"("importance":"high",)"
        R"("findings":[{"engine":"yara","rule":"EICAR_test_file","importance":"high","part":"1",)"
        R"("reading":"strict","detail":"at offset 0","id":"yara.match"}],)"
        R"("defects":[{"id":"missing_final_boundary","part":"1","offset":77,"detail":""}],)"
        R"("parts":[{"path":"1","reading":"strict","type":"text/plain","filename":"","size":5,)"
        R"("sha256":")" +
        zeros + R"(","real_type":"text/plain"}],"message":{"sender":null,)"))
        << line;
    EXPECT_TRUE(line.ends_with(R"(},"readings":[]})")) << line;
}

TEST(ScanReport, ReadingsFollowTheMessage)
{
    auto report = detected_report();
    inspect::ReadingInfo reading;
    reading.name = "last_content_type";
    reading.part = "2";
    reading.adds.push_back(
        {"2!2", "last_content_type", "application/x", "text/plain", "a\".com", 68, {}});
    reading.lacks = {"2!1"};
    report.readings.push_back(std::move(reading));
    const auto line = to_json_line(conclude("a.eml", std::move(report)));
    EXPECT_NE(line.find(R"(},"readings":[{"name":"last_content_type","part":"2",)"
                        R"("adds":[{"path":"2!2","reading":"last_content_type",)"
                        R"("type":"application/x","filename":"a\".com","size":68,)"),
              std::string::npos)
        << line;
    EXPECT_TRUE(line.ends_with(R"(}],"lacks":["2!1"]}]})")) << line;
}

TEST(ScanReport, ACleanMessageHasEmptyListsAndNoImportance)
{
    const auto line = to_json_line(conclude("a.eml", {}));
    EXPECT_TRUE(line.starts_with(R"({"file":"a.eml","verdict":"clean","inspected":"full",)"
                                 R"("not_inspected":[],"importance":"none","findings":[],)"
                                 R"("defects":[],"parts":[],"message":{)"))
        << line;
}

TEST(ScanReport, HostileTextStaysInsideItsStringOnOneLine)
{
    auto report = detected_report();
    report.parts[0].filename = "a\"},\n\x1b[2J\\";
    const auto line = to_json_line(conclude("f\n\"\xff", std::move(report)));
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_TRUE(line.starts_with("{\"file\":\"f\\n\\\"\xef\xbf\xbd\"")) << line;
    EXPECT_NE(line.find(R"("filename":"a\"},\n\u001b[2J\\")"), std::string::npos) << line;
}

TEST(ScanReport, AMessageThatCannotBeReadIsALineOfItsOwnShape)
{
    const base::Error error{base::ErrorCode::not_found, base::Retry::never, "open gone.eml"};
    EXPECT_EQ(to_json_line("gone.eml", error),
              R"({"file":"gone.eml","error":{"code":"not_found","may_pass":false,)"
              R"("message":"not_found: open gone.eml"}})");
}

} // namespace
} // namespace watchpost::pipeline
