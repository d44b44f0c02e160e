#include "message/defect_table.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/temp_dir.h"

namespace watchpost::message {
namespace {

TEST(DefectTable, RowsStandInTheOrderOfTheirIdsWithDistinctWords)
{
    std::set<std::string_view> names;
    std::size_t place = 0;
    for (const auto& row : defect_table()) {
        EXPECT_EQ(static_cast<std::size_t>(row.id), place++);
        EXPECT_EQ(name_of(row.id), row.name);
        EXPECT_EQ(find_defect(row.name), &row);
        EXPECT_TRUE(names.insert(row.name).second);
        EXPECT_EQ(row.standard.starts_with("limit of"), is_limit(row.name));
        EXPECT_TRUE(row.sentence.ends_with('.'));
    }
    EXPECT_EQ(place, static_cast<std::size_t>(DefectId::limit_uu_blocks) + 1);
    EXPECT_EQ(find_defect("nothing"), nullptr);
}

// To make the page anew: WATCHPOST_WRITE_PAGES=1 in the environment of this test.
TEST(DefectTable, PageIsMadeFromTheTable)
{
    const std::filesystem::path page =
        std::filesystem::path{WATCHPOST_SOURCE_DIR} / "docs/defects.md";
    if (std::getenv("WATCHPOST_WRITE_PAGES") != nullptr) {
        std::ofstream{page, std::ios::binary} << defect_page();
    }
    EXPECT_EQ(watchpost::test::read_file(page), defect_page());
}

} // namespace
} // namespace watchpost::message
