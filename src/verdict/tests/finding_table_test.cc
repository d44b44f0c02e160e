#include "verdict/finding_table.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "support/temp_dir.h"
#include "verdict/gap_table.h"

namespace watchpost::verdict {
namespace {

bool is_sentence(std::string_view text)
{
    return text.ends_with('.') && text.find('|') == std::string_view::npos &&
           text.find('\n') == std::string_view::npos;
}

TEST(FindingTable, IdsAreUniqueSortedAndBeginWithTheEngine)
{
    const auto table = finding_table();
    EXPECT_TRUE(std::ranges::is_sorted(table, {}, &FindingRow::id));
    std::set<std::string_view> seen;
    for (const FindingRow& row : table) {
        SCOPED_TRACE(row.id);
        EXPECT_TRUE(seen.insert(row.id).second);
        EXPECT_TRUE(row.id.starts_with(std::string{row.engine} + '.'));
    }
}

TEST(FindingTable, EveryRowTellsAnOfficerWhatWasSeenAndWhatToDo)
{
    for (const FindingRow& row : finding_table()) {
        SCOPED_TRACE(row.id);
        EXPECT_TRUE(is_sentence(row.sentence));
        EXPECT_TRUE(is_sentence(row.advice));
    }
}

TEST(FindingTable, EveryRowIsFoundByItsId)
{
    for (const FindingRow& row : finding_table()) {
        EXPECT_EQ(find_row(row.id), &row);
    }
    EXPECT_EQ(find_row("attachment"), nullptr);
    EXPECT_EQ(find_row(""), nullptr);
}

TEST(FindingTable, AMadeFindingCarriesItsRow)
{
    const Finding finding = make_finding("attachment.macro");
    EXPECT_EQ(finding.engine, "attachment");
    EXPECT_EQ(finding.id, "attachment.macro");
    EXPECT_EQ(finding.rule, "attachment.macro");
    EXPECT_EQ(finding.importance, Importance::medium);
}

TEST(FindingTable, ThePageInDocsIsTheOneGenerated)
{
    const std::string page =
        test::read_file(std::string{WATCHPOST_SOURCE_DIR} + "/docs/findings.md");
    EXPECT_EQ(page, findings_as_markdown()) << "write it anew: " << WATCHPOST_BUILD_DIR
                                            << "/src/verdict/print_findings > docs/findings.md";
}

TEST(GapTable, ReasonsAreUniqueAndExplained)
{
    std::set<std::string_view> seen;
    for (const GapRow& row : gap_table()) {
        SCOPED_TRACE(row.reason);
        EXPECT_TRUE(seen.insert(row.reason).second);
        EXPECT_TRUE(is_sentence(row.sentence));
        EXPECT_TRUE(is_sentence(row.advice));
        EXPECT_EQ(find_gap(row.reason), &row);
    }
}

TEST(GapTable, EveryErrorOfAnEngineHasAReasonWithARow)
{
    EXPECT_EQ(gap_reason(base::ErrorCode::limit_exceeded), "engine_limit");
    EXPECT_EQ(gap_reason(base::ErrorCode::timed_out), "engine_timed_out");
    EXPECT_EQ(gap_reason(base::ErrorCode::engine_failed), "engine_unavailable");
    EXPECT_NE(find_gap("engine_limit"), nullptr);
    EXPECT_NE(find_gap("engine_timed_out"), nullptr);
    EXPECT_NE(find_gap("engine_unavailable"), nullptr);
}

} // namespace
} // namespace watchpost::verdict
