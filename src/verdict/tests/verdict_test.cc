#include "verdict/verdict.h"

#include <gtest/gtest.h>

#include "verdict/finding_table.h"

namespace watchpost::verdict {
namespace {

Finding finding_at(std::string_view id, std::string part)
{
    Finding finding = make_finding(id);
    finding.part = std::move(part);
    return finding;
}

TEST(Verdict, NothingFoundAndAllInspectedIsCleanAndFull)
{
    const Verdict verdict = combine({}, {});
    EXPECT_EQ(verdict.outcome, Outcome::clean);
    EXPECT_EQ(verdict.inspected, Inspected::full);
    EXPECT_EQ(verdict.importance, Importance::none);
}

TEST(Verdict, TheHighestImportanceCountsAndComesFirst)
{
    const Verdict verdict =
        combine({finding_at("attachment.encrypted_archive", "1"),
                 finding_at("clamav.signature", "2"), finding_at("attachment.macro", "3")},
                {});
    EXPECT_EQ(verdict.outcome, Outcome::detected);
    EXPECT_EQ(verdict.importance, Importance::high);
    ASSERT_EQ(verdict.findings.size(), 3U);
    EXPECT_EQ(verdict.findings[0].part, "2");
    EXPECT_EQ(verdict.findings[1].part, "3");
    EXPECT_EQ(verdict.findings[2].part, "1");
}

TEST(Verdict, InformationAloneIsNoDetection)
{
    const Verdict verdict = combine({finding_at("attachment.unix_script", "2")}, {});
    EXPECT_EQ(verdict.outcome, Outcome::clean);
    EXPECT_EQ(verdict.findings.size(), 1U);
}

TEST(Verdict, AnythingNotInspectedMakesItPartialAndStaysClean)
{
    const Verdict verdict = combine({}, {{"2", "clamav", "engine_unavailable", "connect: no"}});
    EXPECT_EQ(verdict.outcome, Outcome::clean);
    EXPECT_EQ(verdict.inspected, Inspected::partial);
    ASSERT_EQ(verdict.not_inspected.size(), 1U);
    EXPECT_EQ(verdict.not_inspected[0].reason, "engine_unavailable");
}

TEST(Verdict, AReplyCannotBelittleAFindingOfTheTable)
{
    Finding belittled = finding_at("clamav.signature", "1");
    belittled.importance = Importance::none;
    const Verdict verdict = combine({belittled}, {});
    EXPECT_EQ(verdict.importance, Importance::high);
    EXPECT_EQ(verdict.findings[0].importance, Importance::high);
}

TEST(Verdict, AYaraRuleSaysItsOwnImportance)
{
    Finding match = finding_at("yara.match", "1");
    match.importance = Importance::low;
    EXPECT_EQ(combine({match}, {}).importance, Importance::low);
}

TEST(Verdict, AnIdWithoutARowKeepsItsImportance)
{
    Finding unknown;
    unknown.id = "engine.of_tomorrow";
    unknown.importance = Importance::medium;
    EXPECT_EQ(combine({unknown}, {}).importance, Importance::medium);
}

TEST(Verdict, DoublesAreToldOnce)
{
    const auto same = finding_at("attachment.macro", "1");
    const NotInspected gap{"1", "yara", "timed_out", ""};
    const Verdict verdict = combine({same, same, finding_at("attachment.macro", "2")}, {gap, gap});
    EXPECT_EQ(verdict.findings.size(), 2U);
    EXPECT_EQ(verdict.not_inspected.size(), 1U);
}

TEST(Verdict, PolicyRaisesTheThresholdButHidesNothing)
{
    const Policy policy{.detected_from = Importance::medium};
    const Verdict verdict = combine({finding_at("attachment.encrypted_archive", "1")}, {}, policy);
    EXPECT_EQ(verdict.outcome, Outcome::clean);
    EXPECT_EQ(verdict.importance, Importance::low);
    EXPECT_EQ(verdict.findings.size(), 1U);
}

TEST(Verdict, ImportanceIsReadBackAsItIsWritten)
{
    for (const auto importance :
         {Importance::none, Importance::low, Importance::medium, Importance::high}) {
        EXPECT_EQ(parse_importance(to_string(importance)), importance);
    }
    EXPECT_EQ(parse_importance("High"), std::nullopt);
    EXPECT_EQ(parse_importance(""), std::nullopt);
}

} // namespace
} // namespace watchpost::verdict
