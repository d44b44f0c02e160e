#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/scan_text.h"

namespace watchpost::pipeline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

inspect::Report report_of(verdict::Finding finding)
{
    inspect::Report report;
    report.findings.push_back(std::move(finding));
    return report;
}

verdict::Finding program_in_archive()
{
    verdict::Finding finding;
    finding.engine = "attachment";
    finding.id = "attachment.executable_in_archive";
    finding.rule = finding.id;
    finding.part = "2!a.exe";
    finding.detail = "\"a.exe\": a Windows program";
    return finding;
}

std::string text_of(inspect::Report report)
{
    return to_text(conclude("in.eml", std::move(report)));
}

TEST(ScanText, ACleanMessageIsOneLine)
{
    EXPECT_EQ(text_of({}), "in.eml: clean\n");
}

TEST(ScanText, AFindingIsExplainedWithPlaceEvidenceAndAdvice)
{
    auto report = report_of(program_in_archive());
    report.message.subject = "Invoice";
    report.message.sender.emplace();
    report.message.sender->display_name = "Alice";
    report.message.sender->email.email = "alice@example.org";
    EXPECT_THAT(text_of(std::move(report)),
                ::testing::StartsWith("in.eml: DETECTED, importance high\n"
                                      "    From:    Alice <alice@example.org>\n"
                                      "    Subject: Invoice\n"
                                      "  * high, part 2!a.exe: An archive contains a program.\n"
                                      "    Seen: \"a.exe\": a Windows program\n"
                                      "    What to do: Do not open the file."));
}

TEST(ScanText, AdviceIsGivenOnceForFindingsOfOneKind)
{
    auto report = report_of(program_in_archive());
    auto second = program_in_archive();
    second.part = "2!b.exe";
    report.findings.push_back(second);
    const auto text = text_of(std::move(report));
    const auto first_advice = text.find("What to do");
    ASSERT_NE(first_advice, std::string::npos);
    EXPECT_EQ(text.find("What to do", first_advice + 1), std::string::npos);
}

TEST(ScanText, WhatWasNotInspectedIsNamedWithItsReason)
{
    inspect::Report report;
    report.not_inspected.push_back({"2", "", "encrypted_archive", "\"a.7z\""});
    report.not_inspected.push_back({"", "clamav", "engine_unavailable", "no socket"});
    const auto text = text_of(std::move(report));
    EXPECT_THAT(text, HasSubstr("in.eml: nothing detected, but inspected only in part\n"));
    EXPECT_THAT(text, HasSubstr("  - not inspected, part 2: An archive is encrypted"));
    EXPECT_THAT(text, HasSubstr("    Why: \"a.7z\"\n"));
    EXPECT_THAT(text, HasSubstr("  - not inspected by clamav, the whole message: "));
}

TEST(ScanText, TextOfTheMessageReachesNoTerminalUnquoted)
{
    auto finding = program_in_archive();
    finding.part = "2!\x1b]0;x\x07.exe";
    finding.rule = "r\x1b[2J";
    finding.detail = "not quoted \x1b[31m by a broken inspector";
    auto report = report_of(std::move(finding));
    report.message.subject = "\r\x1b[2J\xe2\x80\xae";
    report.not_inspected.push_back({"\x1b", "\x1b", "\x1b", "\x1b"});
    const auto text = text_of(std::move(report));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\r'), std::string::npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
}

TEST(ScanText, WhatAnInspectorHasQuotedIsNotQuotedTwice)
{
    auto finding = program_in_archive();
    finding.detail = R"("a\x1b\\b.exe")";
    EXPECT_THAT(text_of(report_of(std::move(finding))), HasSubstr(R"(Seen: "a\x1b\\b.exe")"));
}

TEST(ScanText, AFloodOfOneKindIsCutAndSaidSo)
{
    inspect::Report report;
    for (int i = 0; i < 60; ++i) {
        auto finding = program_in_archive();
        finding.part = "2!" + std::to_string(i);
        report.findings.push_back(std::move(finding));
        report.not_inspected.push_back({"3!" + std::to_string(i), "", "limit_depth", ""});
    }
    const auto text = text_of(std::move(report));
    EXPECT_THAT(text, HasSubstr("part 2!4:"));
    EXPECT_THAT(text, Not(HasSubstr("part 2!5:")));
    EXPECT_THAT(text, Not(HasSubstr("part 3!5:")));
    EXPECT_THAT(text, HasSubstr("… and 55 more of this kind; --json lists them all\n"
                                "    What to do: "));
}

TEST(ScanText, RulesOfDifferentNamesAreKindsOfTheirOwn)
{
    inspect::Report report;
    for (int i = 0; i < 60; ++i) {
        verdict::Finding finding;
        finding.id = "yara.match";
        finding.rule = "rule_" + std::to_string(i);
        finding.importance = verdict::Importance::low;
        report.findings.push_back(std::move(finding));
    }
    const auto text = text_of(std::move(report));
    EXPECT_THAT(text, HasSubstr("Rule: rule_49\n"));
    EXPECT_THAT(text, Not(HasSubstr("Rule: rule_50\n")));
    EXPECT_THAT(text, HasSubstr("… and 10 more kinds; --json lists them all\n"));
}

TEST(ScanCounts, FailedWinsOverDetectedOverPartialOverClean)
{
    ScanCounts counts;
    EXPECT_EQ(counts.exit_code(), 0);
    counts.clean = 1;
    EXPECT_EQ(counts.exit_code(), 0);
    counts.partial = 1;
    EXPECT_EQ(counts.exit_code(), 2);
    counts.detected = 1;
    EXPECT_EQ(counts.exit_code(), 1);
    counts.failed = 1;
    EXPECT_EQ(counts.exit_code(), 3);
}

TEST(ScanCounts, TheSummaryNamesOnlyWhatThereWas)
{
    ScanCounts counts;
    EXPECT_EQ(to_text(counts), "0 messages.\n");
    counts.clean = 1;
    EXPECT_EQ(to_text(counts), "1 message: 1 clean.\n");
    counts.detected = 2;
    counts.partial = 3;
    counts.failed = 4;
    EXPECT_EQ(to_text(counts),
              "10 messages: 2 detected, 3 inspected only in part, 1 clean, 4 not readable.\n");
}

} // namespace
} // namespace watchpost::pipeline
