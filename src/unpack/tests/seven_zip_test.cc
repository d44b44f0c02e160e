#include "unpack/seven_zip.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace watchpost::unpack {
namespace {

constexpr std::uint64_t no_limit = 1'000'000;
constexpr std::string_view printed =
    "\n7-Zip (z)\n\nListing archive: x\n\n--\nPath = x\nType = 7z\n"
    "\n----------\n"
    "Path = folder\nSize = 0\nAttributes = D drwxr-xr-x\nCRC = \n\n"
    "Path = folder/a = b.txt\nSize = 5\nAttributes = A\n"
    "CRC = 3610A686\nEncrypted = +\n\n"
    "Path = empty\nFolder = -\nSize = 0\nCRC = \n\n"
    "Path = ../../etc/passwd\nFolder = -\nSize = \nCRC = zz\n";

SevenZipList two_members()
{
    return {{{"a", 5, 0x3610A686U, true}, {"none", 0, std::nullopt, false}, {"b", 2, {}, false}},
            false};
}

/// "name:content" of each piece, with a sign for what does not hold.
std::vector<std::string> split(const SevenZipList& list, std::string_view output,
                               std::uint64_t limit = no_limit, std::size_t at = SIZE_MAX)
{
    MemberSplitter splitter{list, limit};
    const auto first = output.substr(0, at);
    splitter.feed(base::as_bytes(first));
    splitter.feed(base::as_bytes(output.substr(first.size())));
    splitter.finish();
    std::vector<std::string> told;
    while (const auto piece = splitter.take()) {
        auto text = piece->listed != nullptr ? piece->listed->name : std::string{"?"};
        text += ':';
        text += base::as_text(piece->content);
        text += piece->is_short ? " short" : "";
        text += piece->is_cut ? " cut" : "";
        text += piece->has_wrong_crc ? " wrong" : "";
        told.push_back(text);
    }
    return told;
}

using Told = std::vector<std::string>;

TEST(SevenZipList, MembersAreReadAndFoldersAreNone)
{
    const auto list = parse_seven_zip_list(printed, 10);
    ASSERT_EQ(list.members.size(), 3U);
    EXPECT_EQ(list.members[0].name, "folder/a = b.txt");
    EXPECT_EQ(list.members[0].size, 5U);
    EXPECT_EQ(list.members[0].crc, 0x3610A686U);
    EXPECT_TRUE(list.members[0].is_encrypted);
    EXPECT_EQ(list.members[1].size, 0U);
    EXPECT_EQ(list.members[2].name, "../../etc/passwd");
    EXPECT_EQ(list.members[2].size, std::nullopt);
    EXPECT_EQ(list.members[2].crc, std::nullopt);
    EXPECT_FALSE(list.is_cut);
}

TEST(SevenZipList, TheDiskInAnImageHasNoPath)
{
    const auto list = parse_seven_zip_list("----------\nSize = 512\nPacked Size = 3\n\n", 10);
    ASSERT_EQ(list.members.size(), 1U);
    EXPECT_EQ(list.members[0].name, "disk");
    EXPECT_EQ(list.members[0].size, 512U);
}

TEST(SevenZipList, ACommentOverridesNothing)
{
    const auto list = parse_seven_zip_list("----------\nPath = a\nSize = 5\nCRC = 3610A686\n"
                                           "Comment = \n{\nPath = b\nSize = 1\nCRC = 00000000\n}\n",
                                           10);
    ASSERT_EQ(list.members.size(), 1U);
    EXPECT_EQ(list.members[0].name, "a");
    EXPECT_EQ(list.members[0].size, 5U);
    EXPECT_EQ(list.members[0].crc, 0x3610A686U);
}

TEST(SevenZipList, ItStopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length < printed.size(); ++length) {
        EXPECT_LE(parse_seven_zip_list(printed.substr(0, length), 10).members.size(), 3U);
    }
}

TEST(SevenZipList, MoreMembersThanTheLimitIsSaid)
{
    const auto list = parse_seven_zip_list(printed, 2);
    EXPECT_EQ(list.members.size(), 2U);
    EXPECT_TRUE(list.is_cut);
}

TEST(SevenZipList, WhatStandsBeforeTheListIsNoMember)
{
    EXPECT_TRUE(parse_seven_zip_list("Path = a\nSize = 1\n", 10).members.empty());
}

TEST(MemberSplitter, EverySplitOfTheOutputGivesTheSameMembers)
{
    const auto list = two_members();
    for (std::size_t at = 0; at <= 7; ++at) {
        EXPECT_EQ(split(list, "hellobb", no_limit, at), (Told{"a:hello", "none:", "b:bb"})) << at;
    }
}

TEST(MemberSplitter, AnOutputThatEndsAtAnyOffsetGivesWhatCame)
{
    const auto list = two_members();
    EXPECT_EQ(split(list, ""), (Told{"a: short wrong", "none:", "b: short"}));
    EXPECT_EQ(split(list, "hel"), (Told{"a:hel short wrong", "none:", "b: short"}));
    EXPECT_EQ(split(list, "hello"), (Told{"a:hello", "none:", "b: short"}));
    EXPECT_EQ(split(list, "hellob"), (Told{"a:hello", "none:", "b:b short"}));
}

TEST(MemberSplitter, AMemberAboveTheLimitIsCutAndTheLast)
{
    EXPECT_EQ(split(two_members(), "hellobb", 3), (Told{"a:hel cut"}));
    EXPECT_EQ(split(two_members(), "hellobb", 5), (Told{"a:hello", "none:", "b:bb"}));
}

TEST(MemberSplitter, AWrongChecksumIsSaid)
{
    EXPECT_EQ(split(two_members(), "hellxbb"), (Told{"a:hellx wrong", "none:", "b:bb"}));
}

TEST(MemberSplitter, OctetsThatNoMemberClaimsAreAPieceOfTheirOwn)
{
    EXPECT_EQ(split(two_members(), "hellobbmore"), (Told{"a:hello", "none:", "b:bb", "?:more"}));
}

TEST(MemberSplitter, AMemberOfUnknownSizeTakesTheRest)
{
    const SevenZipList list{{{"a", std::nullopt, std::nullopt, false}}, false};
    EXPECT_EQ(split(list, "hello"), (Told{"a:hello"}));
    EXPECT_EQ(split(list, ""), (Told{"a: short"}));
}

} // namespace
} // namespace watchpost::unpack
