#include "message/reading_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/temp_dir.h"

namespace watchpost::message {
namespace {

using enum Departure;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> all_of(ReadingPlan& plan)
{
    std::vector<std::string> names;
    while (const auto reading = plan.next()) {
        names.push_back(reading->name);
    }
    return names;
}

TEST(DepartureTable, RowsStandInTheOrderOfTheirIdsWithDistinctWords)
{
    std::set<std::string_view> names;
    std::size_t place = 0;
    for (const DepartureRow& row : departure_table()) {
        EXPECT_EQ(static_cast<std::size_t>(row.departure), place++);
        EXPECT_EQ(name_of(row.departure), row.name);
        EXPECT_TRUE(names.insert(row.name).second);
        EXPECT_TRUE(row.sentence.ends_with('.'));
    }
}

TEST(DepartureTable, EachIsSuggestedBySomething)
{
    Departures suggested{last_content_type, last_transfer_encoding, last_disposition};
    for (const DefectRow& row : defect_table()) {
        suggested.add(suggested_by(row.id));
    }
    for (const DepartureRow& row : departure_table()) {
        EXPECT_TRUE(suggested.has(row.departure)) << row.name;
    }
}

TEST(ReadingPlan, AMessageThatLeavesNothingOpenHasNoFurtherReading)
{
    ReadingPlan plan{{}};
    EXPECT_THAT(all_of(plan), IsEmpty());
}

TEST(ReadingPlan, EachOpenPointIsAVariantAndProfilesFollow)
{
    ReadingPlan plan{{last_content_type, last_parameter, base64_ends_at_junk}};
    EXPECT_THAT(all_of(plan), ElementsAre("last_content_type", "last_parameter",
                                          "base64_ends_at_junk", "last_wins"));
}

TEST(ReadingPlan, AProfileOfOneOpenPointIsThatVariant)
{
    ReadingPlan plan{{last_content_type}};
    EXPECT_THAT(all_of(plan), ElementsAre("last_content_type"));
}

TEST(ReadingPlan, OnlyWhatAReadingBringsAnewIsCombined)
{
    ReadingPlan plan{{last_content_type, cr_ends_line}};
    const auto first = plan.next();
    ASSERT_TRUE(first);
    plan.learn(*first, {cr_ends_line, prefix_is_delimiter});
    EXPECT_THAT(all_of(plan),
                ElementsAre("cr_ends_line", "last_content_type+prefix_is_delimiter", "evolution"));
    EXPECT_FALSE(plan.was_cut());
}

TEST(ReadingPlan, VariantsAreALimitThatIsTold)
{
    Departures all;
    for (const DepartureRow& row : departure_table()) {
        all.add(row.departure);
    }
    ReadingPlan plan{all};
    EXPECT_TRUE(plan.was_cut());
    EXPECT_EQ(all_of(plan).size(), ReadingPlan::variants_max + profile_table().size());
}

TEST(ReadingPlan, ReadingsAreExplained)
{
    EXPECT_THAT(explain_reading("last_content_type+cr_ends_line>gmime"),
                ElementsAre("The last of several Content-Type fields counts, not the first.",
                            "A carriage return ends a line also where no line feed follows.",
                            "Read by GMime 3.2 (notmuch, Balsa, Pan)."));
    EXPECT_THAT(explain_reading("strict"), IsEmpty());
    EXPECT_THAT(explain_reading("last_content_type+<b>"), IsEmpty());
}

// To make the page anew: WATCHPOST_WRITE_PAGES=1 in the environment of this test.
TEST(ReadingPlan, PageIsMadeFromTheTables)
{
    const std::filesystem::path page =
        std::filesystem::path{WATCHPOST_SOURCE_DIR} / "docs/readings.md";
    if (std::getenv("WATCHPOST_WRITE_PAGES") != nullptr) {
        std::ofstream{page, std::ios::binary} << readings_page();
    }
    EXPECT_EQ(watchpost::test::read_file(page), readings_page());
}

} // namespace
} // namespace watchpost::message
