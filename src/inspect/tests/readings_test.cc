// Each structure of tests/fixtures/structures brings its payload to the engines, in the reading
// that the manifest names; and what differs between readings is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/sha256.h"
#include "message/reading_plan.h"
#include "recording_engine.h"
#include "support/mail_maker.h"
#include "support/structure_message.h"

namespace watchpost::inspect::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using watchpost::test::eicar;
using watchpost::test::structure_message;
using watchpost::test::StructureRow;

class Structures : public ::testing::TestWithParam<StructureRow> {};

std::string describe(const Report& report)
{
    std::string text;
    for (const PartInfo& part : report.parts) {
        text += part.path + " (" + part.reading + ") " + part.type + ' ' + part.filename + ' ' +
                std::to_string(part.size) + '\n';
    }
    for (const DefectInfo& defect : report.defects) {
        text += defect.id + ' ' + defect.part + ' ' + defect.detail + '\n';
    }
    return text;
}

TEST_P(Structures, BringTheirPayloadToTheEngines)
{
    const StructureRow& row = GetParam();
    const auto result = run(structure_message(row.name));
    const auto payload = crypto::sha256(base::as_bytes(eicar()));
    const auto& parts = result.report.parts;
    const auto found = std::ranges::find(parts, payload, &PartInfo::sha256);
    ASSERT_NE(found, parts.end()) << describe(result.report);
    EXPECT_EQ(found->path, row.path) << describe(result.report);
    EXPECT_EQ(found->reading, row.reading) << describe(result.report);
}

TEST_P(Structures, AreAFindingWhereTheStrictReadingDoesNotHaveThePayload)
{
    const StructureRow& row = GetParam();
    const auto result = run(structure_message(row.name));
    const auto& readings = result.report.readings;
    const bool is_told = std::ranges::any_of(readings, [&](const ReadingInfo& reading) {
        return reading.name == row.reading && !reading.adds.empty();
    });
    EXPECT_EQ(is_told, row.reading != "strict") << describe(result.report);
    const bool has_finding = std::ranges::any_of(result.report.findings, [](const auto& finding) {
        return finding.id == "structure.ambiguous" || finding.id == "structure.hidden_file";
    });
    EXPECT_EQ(has_finding, !readings.empty());
}

INSTANTIATE_TEST_SUITE_P(, Structures, ::testing::ValuesIn(watchpost::test::structure_rows()),
                         [](const auto& tested) {
                             std::string name = tested.param.name;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(Readings, EachDepartureHasItsStructure)
{
    std::string readings;
    for (const StructureRow& row : watchpost::test::structure_rows()) {
        readings += '+' + row.reading + '+';
    }
    for (const auto& row : message::departure_table()) {
        const bool hides_no_file = row.departure == message::Departure::last_disposition;
        EXPECT_EQ(readings.find('+' + std::string{row.name} + '+') == std::string::npos,
                  hides_no_file)
            << row.name;
    }
}

TEST(Readings, AMessageThatLeavesNothingOpenHasNone)
{
    const auto result = run(structure_message("plain"));
    EXPECT_THAT(result.report.readings, IsEmpty());
    EXPECT_THAT(result.report.defects, IsEmpty());
}

TEST(Readings, EqualLeavesAreInspectedOnce)
{
    const auto result = run(structure_message("content-type-twice-multipart-last"));
    EXPECT_THAT(result.paths(), ElementsAre("1", "1", "2"));
    ASSERT_EQ(result.report.readings.size(), 1U);
    const ReadingInfo& reading = result.report.readings.front();
    EXPECT_EQ(reading.name, "last_content_type");
    EXPECT_EQ(reading.part, "");
    ASSERT_EQ(reading.adds.size(), 2U);
    EXPECT_EQ(reading.adds.at(1).filename, "a.com");
    EXPECT_THAT(reading.lacks, ElementsAre("1"));
}

TEST(Readings, ThatOfAProfileIsPassedOverWhereAVariantReadsTheSame)
{
    const auto result = run(structure_message("boundary-twice"));
    for (const ReadingInfo& reading : result.report.readings) {
        EXPECT_NE(reading.name, "last_wins");
    }
}

TEST(Readings, ThoseOfAStoredMessageNameItsFile)
{
    const auto result = run(structure_message("ambiguous-message-as-file"));
    ASSERT_EQ(result.report.readings.size(), 1U);
    EXPECT_EQ(result.report.readings.front().part, "2");
    EXPECT_EQ(result.report.readings.front().adds.at(1).path, "2!2");
}

TEST(Readings, TooManyAreAGap)
{
    // Each stored message leaves one point open: more readings than a message may have.
    const std::string inner = structure_message("content-type-twice-multipart-last");
    std::vector<std::string> parts;
    for (int i = 0; i < 120; ++i) {
        parts.push_back(watchpost::test::attachment_part(
            "m" + std::to_string(i) + ".eml", "X-Number: " + std::to_string(i) + "\r\n" + inner));
    }
    const auto result = run(watchpost::test::make_message(parts));
    const auto& gaps = result.report.not_inspected;
    EXPECT_EQ(std::ranges::count(gaps, "limit_readings", &verdict::NotInspected::reason), 1);
}

TEST(Readings, LateOnesAreAGap)
{
    const auto result = run(structure_message("content-type-twice-multipart-last"), {},
                            std::chrono::steady_clock::now() - std::chrono::seconds{1});
    EXPECT_THAT(result.gaps(), Contains(::testing::HasSubstr("timed_out")));
}

} // namespace
} // namespace watchpost::inspect::test
