#include "collector/size_record.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

TEST(SizeRecord, FewMessagesProveNothing)
{
    SizeRecord record;
    for (int i = 0; i < 4; ++i) {
        record.note(1'000, 990);
    }
    EXPECT_FALSE(record.are_estimates());
    record.note(1'000, 990);
    EXPECT_TRUE(record.are_estimates());
    EXPECT_TRUE(record.explains(1'000, 995));
    EXPECT_FALSE(record.explains(1'000, 900)); // more than was seen
    EXPECT_FALSE(record.explains(1'000, 1'000));
}

TEST(SizeRecord, AServerThatWasExactStaysSoForAWhile)
{
    SizeRecord record;
    for (int i = 0; i < 20; ++i) {
        record.note(1'000, 1'000);
    }
    for (int i = 0; i < 19; ++i) {
        record.note(1'000, 990);
    }
    EXPECT_FALSE(record.are_estimates());
    EXPECT_FALSE(record.explains(1'000, 990));
}

TEST(SizeRecord, AStumpIsNoEstimateHoweverManyThereAre)
{
    SizeRecord record;
    for (int i = 0; i < 50; ++i) {
        record.note(1'000, 500);
        record.note(0, 500); // unknown: not counted
    }
    EXPECT_FALSE(record.are_estimates());
    EXPECT_EQ(record, SizeRecord{});
}

TEST(SizeRecord, SizesThatAreRoundedUpToBlocksAreLearnedForSmallMessagesToo)
{
    SizeRecord record;
    for (std::uint64_t i = 0; i < 5; ++i) {
        EXPECT_FALSE(record.explains(2'048, 1'100));
        record.note(2'048, 1'100 + i); // 46 % short
    }
    EXPECT_EQ(record.rounded_to(), 2'048U);
    record.note(3'072, 2'900);
    EXPECT_EQ(record.rounded_to(), 1'024U);
    EXPECT_TRUE(record.explains(2'048, 1'025));
    EXPECT_FALSE(record.explains(2'048, 1'024)); // that would have been announced as 1,024
    EXPECT_FALSE(record.explains(8'192, 3'000));
    EXPECT_EQ(SizeRecord::parse(record.to_text()), record);
}

TEST(SizeRecord, OneSizeThatIsNoMultipleShowsThatNothingIsRounded)
{
    SizeRecord record;
    record.note(1'001, 1'001);
    for (int i = 0; i < 50; ++i) {
        record.note(2'048, 1'100);
    }
    EXPECT_FALSE(record.are_estimates());
    EXPECT_EQ(record.rounded_to(), 0U);
}

TEST(SizeRecord, TheFormBeforeBlocksIsRead)
{
    EXPECT_TRUE(SizeRecord::parse("1 6 0 20"));
    EXPECT_FALSE(SizeRecord::parse("1 6 0 20 0 700")); // no block
}

TEST(SizeRecord, AShortageBeyondTheKnownDoesNotExplainItself)
{
    SizeRecord record;
    for (int i = 0; i < 6; ++i) {
        record.note(1'000, 990);
    }
    const SizeRecord before = record;
    record.note(1'000, 900);
    EXPECT_EQ(record, before);
    EXPECT_FALSE(record.explains(1'000, 900));
}

TEST(SizeRecord, SizesThatAreOftenTooSmallAreToldFromOneOddMessage)
{
    SizeRecord record;
    record.note(10, 20);
    for (int i = 0; i < 20; ++i) {
        record.note(1'000, 1'000);
    }
    EXPECT_FALSE(record.are_too_small());
    for (int i = 0; i < 5; ++i) {
        record.note(10, 20);
    }
    EXPECT_TRUE(record.are_too_small());
}

TEST(SizeRecord, WhatChangesIsLearnedAnew)
{
    SizeRecord record;
    for (int i = 0; i < 600; ++i) {
        record.note(1'000, 990);
    }
    for (int i = 0; i < 1'500; ++i) {
        record.note(1'000, 1'000);
    }
    EXPECT_FALSE(record.are_estimates());
}

TEST(SizeRecord, SurvivesBeingWrittenDown)
{
    SizeRecord record;
    record.note(1'000, 990);
    record.note(1'000, 1'001);
    record.note(1'000, 1'000);
    EXPECT_EQ(SizeRecord::parse(record.to_text()), record);
    for (const auto* const text : {"", "1 2 3", "1 2 3 x", "1 2 3 4 5", "99999 0 0 0"}) {
        EXPECT_FALSE(SizeRecord::parse(text)) << text;
    }
}

} // namespace
} // namespace watchpost::collector
