#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

using Names = std::vector<std::string>;

TEST(Zip, MembersComeInTheDirectorysOrder)
{
    const auto unpacked = Unpacked::of(make_zip({{"b", "1"}, {"a", "2"}, {"b", "3"}, {"d/", ""}}));
    EXPECT_EQ(unpacked.names(), (Names{"b", "a", "b"}));
    EXPECT_EQ(unpacked.members[2].content, "3");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Zip, CompressedMembersAreInflated)
{
    const auto text = std::string(5000, 'x') + noise(500);
    const auto unpacked = Unpacked::of(make_zip(
        {{"a", deflated(text), true, {}, {}, 8, std::uint32_t(text.size()), crc_of(text)}}));
    EXPECT_EQ(unpacked.content("a"), text);
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Zip, SizesBehindTheDataAreUnderstood)
{
    // What a program writes that cannot seek: flag 3, zeros in the header, a descriptor.
    const auto zip = make_archive({"zip"}, {{"a.txt", std::string(300, 'x')}});
    EXPECT_EQ(static_cast<unsigned>(zip[6]) & 8U, 8U);
    EXPECT_EQ(Unpacked::of(zip).content("a.txt"), std::string(300, 'x'));
}

TEST(Zip, Zip64SizesAreUnderstood)
{
    const auto zip = make_archive({"zip"}, {{"a.txt", "content"}}, {"zip:zip64", {}});
    const auto unpacked = Unpacked::of(zip);
    EXPECT_EQ(unpacked.content("a.txt"), "content");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Zip, LongCommentDoesNotHideTheDirectory)
{
    const auto zip = make_planned_zip(ZipPlan{{{"a", "1"}}, "", noise(65'535), 1});
    EXPECT_EQ(Unpacked::of(zip).content("a"), "1");
}

TEST(Zip, CommentWithAnotherEndRecordDoesNotHideTheMembers)
{
    const auto zip =
        make_planned_zip(ZipPlan{{{"a.exe", "1"}}, "", "PK\x05\x06"s + std::string(18, '\0'), 1});
    const auto unpacked = Unpacked::of(zip);
    EXPECT_EQ(unpacked.content("a.exe"), "1");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Zip, DirectoryThatBreaksOffIsTold)
{
    auto zip = make_zip({{"a", "1"}, {"b", "2"}});
    zip[zip.rfind("PK\x01\x02")] = 'X';
    const auto unpacked = Unpacked::of(zip);
    EXPECT_EQ(unpacked.names(), (Names{"a", "b"}));
    EXPECT_EQ(unpacked.reasons(), (Names{"zip_hidden_entries: b", "damaged_archive"}));
}

TEST(Zip, NamesAreUtf8WhateverTheyWere)
{
    const auto unpacked = Unpacked::of(make_zip({{"\x81\x9A.txt", "cp437"},
                                                 {"gr\xC3\xBC\xC3\x9F.txt", "utf-8"},
                                                 {"nul\0.exe"s, "nul"},
                                                 {"", "unnamed"},
                                                 {"..\\..\\a/../b", "path"}}));
    EXPECT_EQ(unpacked.names(), (Names{"üÜ.txt", "grüß.txt", "nul\0.exe"s, "", "..\\..\\a/../b"}));
}

TEST(Zip, UnicodePathFieldNamesTheMemberIfItBelongsToTheName)
{
    const auto field = [](std::string_view raw_name, std::string_view name) {
        const auto value = "\x01"s + little_endian(crc_of(raw_name), 4) + std::string{name};
        return "\x75\x70"s + little_endian(value.size(), 2) + value;
    };
    ZipPart fitting{"x.txt", "1"};
    fitting.extra = field("x.txt", "ж.txt");
    ZipPart foreign{"y.txt", "2"};
    foreign.extra = field("other", "ж.txt");
    EXPECT_EQ(Unpacked::of(make_zip({fitting, foreign})).names(), (Names{"ж.txt", "y.txt"}));
}

TEST(Zip, FolderWithBytesIsAMember)
{
    const auto unpacked = Unpacked::of(make_zip({{"evil.exe/", "MZ"}}));
    EXPECT_EQ(unpacked.content("evil.exe/"), "MZ");
}

TEST(Zip, MemberOutsideTheDirectoryIsGivenAndTold)
{
    const auto unpacked = Unpacked::of(make_zip({{"seen.txt", "1"}, {"unseen.exe", "MZ", false}}));
    EXPECT_EQ(unpacked.content("unseen.exe"), "MZ");
    EXPECT_EQ(unpacked.reasons(), Names{"zip_hidden_entries: unseen.exe"});
}

TEST(Zip, MemberBehindTheEndOfAnothersCompressedDataIsFound)
{
    const std::string text(900, 'x');
    const auto inner = make_zip({{"unseen.exe", "MZ"}});
    ZipPart part{"seen.txt", deflated(text) + inner.substr(0, inner.find("PK\x01\x02"))};
    part.method = 8;
    part.unpacked = 900;
    part.crc = crc_of(text);
    const auto unpacked = Unpacked::of(make_zip({part}));
    EXPECT_EQ(unpacked.names(), (Names{"seen.txt", "unseen.exe"}));
}

TEST(Zip, StoredZipInsideIsNoHiddenMember)
{
    const auto inner = make_zip({{"inner.txt", "1"}});
    const auto unpacked = Unpacked::of(make_zip({{"inner.zip", inner}}));
    EXPECT_EQ(unpacked.names(), Names{"inner.zip"});
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Zip, NameThatDiffersBetweenHeaderAndDirectoryIsGivenBothWays)
{
    const auto unpacked = Unpacked::of(make_zip({{"a.txt", "1", true, "a.exe"}}));
    EXPECT_EQ(unpacked.names(), (Names{"a.exe", "a.txt"}));
    EXPECT_EQ(unpacked.reasons(), Names{"zip_hidden_entries: a.txt"});
}

TEST(Zip, DamagedMemberDoesNotHideTheNext)
{
    ZipPart wrong_sum{"bad", "content"};
    wrong_sum.crc = 1;
    ZipPart garbage{"worse", "\xFF\xFF\xFF\xFF"};
    garbage.method = 8;
    const auto unpacked = Unpacked::of(make_zip({wrong_sum, garbage, {"good", "1"}}));
    EXPECT_EQ(unpacked.names(), (Names{"bad", "good"}));
    EXPECT_EQ(unpacked.reasons(), (Names{"damaged_archive: bad", "damaged_archive: worse"}));
}

TEST(Zip, LostDirectoryStillGivesTheMembers)
{
    auto zip = make_zip({{"a", "1"}, {"b", "2"}});
    zip.resize(zip.find("PK\x01\x02"));
    const auto unpacked = Unpacked::of(zip);
    EXPECT_EQ(unpacked.names(), (Names{"a", "b"}));
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Zip, UnknownMethodIsAGapOfThatMember)
{
    ZipPart part{"a", "packed"};
    part.method = 9; // deflate64
    const auto unpacked = Unpacked::of(make_zip({part, {"b", "1"}}));
    EXPECT_EQ(unpacked.names(), Names{"b"});
    EXPECT_EQ(unpacked.reasons(), Names{"unsupported_archive: a"});
}

} // namespace
} // namespace watchpost::unpack::test
