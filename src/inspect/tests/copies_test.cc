// How copies arrive changes what is shown, and never what is inspected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "recording_engine.h"
#include "support/temp_dir.h"

namespace watchpost::inspect::test {
namespace {

namespace fs = std::filesystem;
using model::CopySetting;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const fs::path folder = fs::path{WATCHPOST_SOURCE_DIR} / "tests/fixtures/copies";

std::string message_of(const std::string& file)
{
    return watchpost::test::read_file(folder / file);
}

Run run_as(const std::string& message, CopySetting copies)
{
    return run(message, {}, far_away(), nullptr, copies);
}

Lines findings_of(const Run& run)
{
    Lines found;
    for (const auto& finding : run.report.findings) {
        found.push_back(finding.id + ' ' + finding.part);
    }
    return found;
}

TEST(Copies, EverySettingInspectsTheSame)
{
    for (const auto& entry : fs::directory_iterator{folder}) {
        if (entry.path().extension() != ".eml") {
            continue;
        }
        SCOPED_TRACE(entry.path().filename());
        const auto message = watchpost::test::read_file(entry.path());
        const auto expected = run_as(message, CopySetting::automatic);
        for (const auto setting : model::all_copy_settings) {
            const auto result = run_as(message, setting);
            EXPECT_EQ(result.engine_saw, expected.engine_saw);
            EXPECT_EQ(result.paths(), expected.paths());
        }
    }
}

TEST(Copies, AFindingInsideAReportNamesThePartInTheWhole)
{
    auto message = message_of("exchange-2016-internal.eml");
    message.replace(message.find("on the share"), 12, "ALARM");
    const auto result = run_as(message, CopySetting::automatic);
    EXPECT_THAT(findings_of(result), ElementsAre("fake.alarm 2", "fake.alarm 2.1"));
    EXPECT_EQ(result.report.message.sender.value().email.email, "ann@corp.example");
    EXPECT_EQ(result.report.message.copy.value().part, "2");
}

TEST(Copies, WhatAnOfficerShouldKnowIsAFinding)
{
    const auto forged = run_as(message_of("forged-contradiction.eml"), CopySetting::automatic);
    EXPECT_THAT(findings_of(forged), ElementsAre("copies.journal_report_contradicts "));
    EXPECT_EQ(forged.report.findings.at(0).engine, "copies");
    EXPECT_EQ(forged.report.findings.at(0).importance, verdict::Importance::low);
    EXPECT_NE(forged.report.findings.at(0).detail, "");
    const auto wrong = run_as(message_of("ordinary.eml"), CopySetting::journal);
    EXPECT_THAT(findings_of(wrong), ElementsAre("copies.unexpected_form "));
}

TEST(Copies, ContentUnderRightsManagementIsAGap)
{
    const auto result = run_as(message_of("protected-only.eml"), CopySetting::automatic);
    EXPECT_THAT(result.gaps(), ElementsAre("2 rights_protected"));
    const auto clear = run_as(message_of("decrypted-copy.eml"), CopySetting::automatic);
    EXPECT_THAT(clear.gaps(), IsEmpty());
}

TEST(Copies, ALimitOfAReportIsADefectAndNoGap)
{
    auto message = message_of("exchange-2016-internal.eml");
    std::string recipients;
    for (int i = 0; i < 5'010; ++i) {
        recipients += "Bcc: user" + std::to_string(i) + "@corp.example\n";
    }
    message.insert(message.find("Bcc:"), recipients);
    const auto result = run_as(message, CopySetting::automatic);
    EXPECT_EQ(result.report.defects.at(0).id, "limit_journal_recipients");
    EXPECT_EQ(result.report.defects.at(0).part, "1");
    EXPECT_THAT(result.gaps(), IsEmpty());
}

} // namespace
} // namespace watchpost::inspect::test
