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
