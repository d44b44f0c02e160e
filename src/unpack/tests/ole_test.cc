#include <gtest/gtest.h>

#include <algorithm>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/ole_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

Names sorted(Names names)
{
    std::ranges::sort(names);
    return names;
}

TEST(Ole, StreamsAreMembersUnderTheirPath)
{
    const auto unpacked = Unpacked::of(make_ole({{"WordDocument", noise(5000)},
                                                 {"Macros/VBA/Module1", "Attribute VB_Name"},
                                                 {"Macros/VBA/dir", noise(700)},
                                                 {"\1CompObj", "x"},
                                                 {"Empty", ""}}));
    EXPECT_TRUE(unpacked.gaps.empty());
    EXPECT_EQ(sorted(unpacked.names()), (Names{"\1CompObj", "Empty", "Macros/VBA/Module1",
                                               "Macros/VBA/dir", "WordDocument"}));
    EXPECT_TRUE(unpacked.content("WordDocument") == noise(5000));
    EXPECT_EQ(unpacked.content("Macros/VBA/Module1"), "Attribute VB_Name");
    EXPECT_TRUE(unpacked.content("Macros/VBA/dir") == noise(700));
}

TEST(Ole, TablesOfALargeFileAreFollowed)
{
    // More than 128 sectors: more than one sector of the allocation table.
    const auto unpacked = Unpacked::of(make_ole({{"Large", noise(400'000)}, {"b", "1"}}));
    EXPECT_TRUE(unpacked.content("Large") == noise(400'000));
    EXPECT_EQ(unpacked.content("b"), "1");
}

TEST(Ole, RingOfNeighboursEndsAndIsTold)
{
    const auto unpacked = Unpacked::of(make_ole_directory(
        {{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1}, {"a", 2, 2, 2}, {"b", 2, 1, 1}}));
    EXPECT_EQ(sorted(unpacked.names()), (Names{"a", "b"}));
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Ole, StorageThatContainsItselfEnds)
{
    const auto unpacked = Unpacked::of(make_ole_directory(
        {{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1}, {"s", 1, 0xFFFFFFFF, 0xFFFFFFFF, 1}}));
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Ole, ListOfFiftyThousandNeighboursNeedsNoStack)
{
    std::vector<OleEntry> entries{{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1}};
    for (std::uint32_t i = 1; i <= 50'000; ++i) {
        entries.push_back({"s", 2, 0xFFFFFFFF, i < 50'000 ? i + 1 : 0xFFFFFFFF});
    }
    Unpacked::Options options;
    options.limits.members_max = 60'000;
    EXPECT_EQ(Unpacked::of(make_ole_directory(entries), options).members.size(), 50'000U);
}

TEST(Ole, StoragesWithinStoragesAreReadToANamedDepth)
{
    std::vector<OleEntry> entries{{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1}};
    for (std::uint32_t i = 1; i <= 100; ++i) {
        entries.push_back({"s", 1, 0xFFFFFFFF, 0xFFFFFFFF, i + 1});
    }
    entries.push_back({"deep", 2});
    const auto unpacked = Unpacked::of(make_ole_directory(entries));
    EXPECT_EQ(unpacked.reasons(), Names{"limit_depth"});
    EXPECT_EQ(unpacked.names(), Names{"deep"}); // as a stream that nothing leads to
}

TEST(Ole, LongPathsToManyStoragesTakeNoMemory)
{
    // 60 storages within each other, their names as long as can be, and in the last one a list of
    // storages: kept as texts, the paths of these would take 60 MB.
    const std::string name(31, 'n');
    std::vector<OleEntry> entries{{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1}};
    for (std::uint32_t i = 1; i <= 30'000; ++i) {
        const bool is_deep = i <= 60;
        entries.push_back(
            {name, 1, i + 1, is_deep ? 0xFFFFFFFF : i + 1, is_deep ? i + 1 : 0xFFFFFFFF});
    }
    const auto unpacked = Unpacked::of(make_ole_directory(entries));
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Ole, StreamLongerThanItsChainIsGivenAsFarAsItGoesAndTold)
{
    const auto unpacked = Unpacked::of(
        make_ole_directory({{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1},
                            {"long", 2, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0x7FFFFFFF}}));
    ASSERT_EQ(unpacked.names(), Names{"long"});
    EXPECT_LE(unpacked.members[0].content.size(), 2048U);
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive: long"});
}

TEST(Ole, UnlinkedStreamIsGivenToo)
{
    const auto unpacked = Unpacked::of(
        make_ole_directory({{"Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1}, {"a"}, {"orphan"}}));
    EXPECT_EQ(sorted(unpacked.names()), (Names{"a", "orphan"}));
}

TEST(Ole, LimitsHoldForStreams)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 1000;
    const auto unpacked = Unpacked::of(make_ole({{"a", noise(3000)}, {"b", noise(6000)}}), options);
    EXPECT_EQ(sorted(unpacked.reasons()),
              (Names{"limit_member_bytes: a", "limit_member_bytes: b"}));
    EXPECT_TRUE(unpacked.content("a") == noise(3000).substr(0, 1000));
}

TEST(Ole, BrokenHeaderIsDamage)
{
    auto bytes = make_ole({{"a", "1"}});
    bytes[30] = '\x1F'; // sectors of 2 GiB
    EXPECT_EQ(Unpacked::of(bytes).reasons(), Names{"damaged_archive"});
}

} // namespace
} // namespace watchpost::unpack::test
