#include <gtest/gtest.h>

#include "unpack/tests/fat_maker.h"
#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

class Fat : public testing::TestWithParam<unsigned> {};

TEST_P(Fat, FilesComeOutUnderTheirLongNames)
{
    const auto image = make_fat({{"a long name of a program.exe", noise(3'000)},
                                 {"Folder of it/Deeper/b.txt", "content"},
                                 {"empty.txt", ""}},
                                GetParam());
    ASSERT_EQ(container_format(base::as_bytes(image)), "fat");
    const auto unpacked = Unpacked::of(image);
    EXPECT_TRUE(unpacked.content("a long name of a program.exe") == noise(3'000));
    EXPECT_EQ(unpacked.content("Folder of it/Deeper/b.txt"), "content");
    EXPECT_EQ(unpacked.content("empty.txt"), "");
    EXPECT_EQ(unpacked.members.size(), 3U);
    EXPECT_TRUE(unpacked.gaps.empty());
}

INSTANTIATE_TEST_SUITE_P(Widths, Fat, testing::Values(12U, 16U, 32U));

TEST(FatImage, LongNameOfAnotherEntryIsNotBelieved)
{
    auto image = make_fat({{"readme.txt", "x"}});
    image[image.find("F1         ")] = 'G';
    EXPECT_EQ(Unpacked::of(image).names(), Names{"G1"});
}

TEST(FatImage, DeletedFilesAreNotGiven)
{
    auto image = make_fat({{"readme.txt", "x"}});
    image[image.find("F1         ")] = '\xE5';
    EXPECT_TRUE(Unpacked::of(image).members.empty());
}

TEST(FatImage, ChainInACircleEnds)
{
    auto image = make_fat({{"a.bin", noise(1'500)}});
    image[512 + 3] = '\x02'; // cluster 2 is followed by itself
    image[512 + 4] = static_cast<char>(image[512 + 4] & 0xF0);
    const auto unpacked = Unpacked::of(image);
    EXPECT_EQ(unpacked.members.at(0).content.size(), 1'500U);
}

/// Every pointer to a cluster that an entry has is turned to every folder in turn.
TEST(FatImage, FoldersInACircleAreReadOnce)
{
    const auto image = make_fat({{"d/a.txt", "x"}, {"d/e/b.txt", "y"}});
    std::size_t folders = 0;
    for (auto at = image.find("         \x10"); at != std::string::npos;
         at = image.find("         \x10", at + 1)) {
        ++folders;
        for (char cluster = 0; cluster < 10; ++cluster) {
            auto circle = image;
            circle[at + 24] = cluster; // octet 26 of the entry, whose name has two letters
            EXPECT_LE(Unpacked::of(circle).members.size(), 20U);
        }
    }
    EXPECT_EQ(folders, 2U);
}

TEST(FatImage, EachLimitIsAGap)
{
    const auto image = make_fat({{"a.bin", noise(3'000)}, {"b.bin", "x"}});
    Unpacked::Options options;
    options.limits.member_bytes_max = 1'000;
    EXPECT_EQ(Unpacked::of(image, options).reasons(), Names{"limit_member_bytes: a.bin"});
    options.limits = {};
    options.limits.members_max = 1;
    EXPECT_EQ(Unpacked::of(image, options).reasons(), Names{"limit_members"});
    std::string path = "x";
    for (std::size_t i = 0; i < 70; ++i) {
        path.insert(0, "d/");
    }
    EXPECT_EQ(Unpacked::of(make_fat({{path, "x"}})).gaps.at(0).reason, "limit_depth");
}

TEST(FatImage, StopsCleanlyWhereverItIsCut)
{
    const auto image = make_fat({{"f/a.bin", noise(3'000)}});
    for (std::size_t size = 512; size < 40'000; size += 61) {
        const auto unpacked = Unpacked::of(image.substr(0, size));
        EXPECT_FALSE(unpacked.content("f/a.bin") == noise(3'000) && size < 9'000) << size;
    }
}

TEST(Disk, PartitionsAreMembers)
{
    const auto fat = make_fat({{"a.txt", "content"}});
    for (const auto& disk : {make_partitioned(fat), make_gpt(fat)}) {
        const auto unpacked = Unpacked::of(disk);
        EXPECT_TRUE(unpacked.content("partition 1") == fat);
        EXPECT_TRUE(unpacked.gaps.empty());
        EXPECT_EQ(Unpacked::of(disk.substr(0, disk.size() - 512)).reasons(),
                  Names{"damaged_archive: partition 1"});
    }
}

TEST(Disk, DiskOfAVhdIsAMember)
{
    const auto disk = make_partitioned(make_fat({{"a.txt", "content"}}));
    EXPECT_TRUE(Unpacked::of(make_vhd(disk)).content("disk") == disk);
    EXPECT_EQ(Unpacked::of(make_vhd(disk, 3)).reasons(), Names{"damaged_archive"});
    EXPECT_EQ(Unpacked::of(make_vhd(disk, 4)).reasons(), Names{"unsupported_archive"});
}

TEST(Disk, DiskOfAGrowingVhdIsAMember)
{
    const auto disk = make_partitioned(make_fat({{"a.txt", "content"}}));
    const auto unpacked = Unpacked::of(make_growing_vhd(disk));
    ASSERT_TRUE(unpacked.content("disk"));
    const auto whole = unpacked.content("disk")->append(disk.size(), '\0').substr(0, disk.size());
    EXPECT_TRUE(whole == disk); // zeros at its end are left out
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Disk, AGrowingVhdStopsCleanlyWhereverItIsCut)
{
    const auto vhd = make_growing_vhd(std::string(6'000, 'x'));
    const auto footer = vhd.substr(vhd.size() - 512);
    for (std::size_t size = 0; size < vhd.size() - 512; size += 97) {
        EXPECT_FALSE(Unpacked::of(vhd.substr(0, size) + footer).reasons().empty()) << size;
    }
}

TEST(Disk, LimitsHoldForAGrowingVhd)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 5'000;
    const auto unpacked = Unpacked::of(make_growing_vhd(std::string(9'000, 'x')), options);
    EXPECT_EQ(unpacked.reasons(), Names{"limit_member_bytes: disk"});
    EXPECT_EQ(unpacked.content("disk")->size(), 5'000U);
}

TEST(Disk, FileSystemsWithoutAReaderAreNamed)
{
    auto ext = std::string(2'048, '\0');
    ext.replace(1'024 + 56, 4, "\x53\xEF\x01");
    for (const auto& [bytes, format] : {std::pair{"\xEB\x52\x90NTFS    " + noise(600), "ntfs"},
                                        {"\xEB\x76\x90"
                                         "EXFAT   " +
                                             noise(600),
                                         "exfat"},
                                        {std::string{"KDMV"}, "vmdk"},
                                        {ext, "ext"}}) {
        EXPECT_EQ(container_format(base::as_bytes(bytes)), format);
        EXPECT_EQ(Unpacked::of(bytes).reasons(), Names{"unsupported_archive"});
    }
}

TEST(Disk, OtherBootSectorsAreNoDisks)
{
    auto sector = noise(1'024);
    sector.replace(510, 2, "\x55\xAA");
    EXPECT_NE(container_format(base::as_bytes(sector)), "fat");
    EXPECT_NE(container_format(base::as_bytes(sector)), "partitioned disk");
}

} // namespace
} // namespace watchpost::unpack::test
