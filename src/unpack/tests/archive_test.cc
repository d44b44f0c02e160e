#include <gtest/gtest.h>

#include <algorithm>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

bool is_stream(const Kind& kind)
{
    return kind.format == "raw";
}

TEST(Archive, EachKindGivesItsMembers)
{
    for (const auto& kind : kinds()) {
        if (is_stream(kind)) {
            continue;
        }
        SCOPED_TRACE(kind.format);
        const auto unpacked = Unpacked::of(
            make_archive(kind, {{"b.txt", "second"}, {"empty", ""}, {"c.bin", noise(70'000)}}));
        EXPECT_EQ(unpacked.content("b.txt"), "second");
        EXPECT_EQ(unpacked.content("empty"), "");
        EXPECT_TRUE(unpacked.content("c.bin") == noise(70'000));
        EXPECT_TRUE(unpacked.gaps.empty());
        EXPECT_GE(unpacked.usage.members, 3U);
        EXPECT_EQ(unpacked.usage.bytes, 70'006U);
    }
}

TEST(Archive, EachCompressionGivesItsOneMember)
{
    for (const auto& kind : kinds()) {
        if (!is_stream(kind)) {
            continue;
        }
        SCOPED_TRACE(kind.filter);
        const auto unpacked =
            Unpacked::of(make_archive(kind, {{"x", noise(200'000)}}), {"x.txt.gz", {}, {}});
        ASSERT_EQ(unpacked.members.size(), 1U);
        EXPECT_EQ(unpacked.members[0].name, "x.txt");
        EXPECT_TRUE(unpacked.members[0].content == noise(200'000));
        EXPECT_TRUE(unpacked.gaps.empty());
    }
}

TEST(Archive, GzipOfNothingIsAnEmptyMember)
{
    const auto unpacked = Unpacked::of(make_archive({"raw", "gzip"}, {{"x", ""}}));
    ASSERT_EQ(unpacked.members.size(), 1U);
    EXPECT_EQ(unpacked.members[0].content, "");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Archive, OnlyOneLayerIsTakenOff)
{
    const auto inner = make_archive({"raw", "gzip"}, {{"x", "content"}});
    const auto middle = make_archive({"raw", "gzip"}, {{"x", inner}});
    EXPECT_EQ(Unpacked::of(middle).members.at(0).content, inner);
    const auto tar = make_archive({"ustar"}, {{"a.txt", "content"}});
    const auto packed = make_archive({"raw", "xz"}, {{"x", tar}});
    EXPECT_EQ(Unpacked::of(packed).members.at(0).content, tar);
}

TEST(Archive, GzipsOwnNameComesFirst)
{
    const auto gzip = "\x1F\x8B\x08\x08"s + std::string(6, '\0') + "payload.exe\0"s +
                      make_archive({"raw", "gzip"}, {{"x", "MZ"}}).substr(10);
    EXPECT_EQ(Unpacked::of(gzip, {"invoice.pdf.gz", {}, {}}).names(),
              std::vector<std::string>{"payload.exe"});
}

TEST(Archive, FoldersAreNoMembersAndNamesStayAsWritten)
{
    const auto unpacked = Unpacked::of(make_archive(
        {"pax"}, {{"folder/", ""}, {"folder/a", "1"}, {"../../etc/passwd", "2"}, {"/abs", "3"}}));
    EXPECT_EQ(unpacked.names(), (std::vector<std::string>{"folder/a", "../../etc/passwd", "/abs"}));
    EXPECT_EQ(unpacked.usage.members, 4U); // folders count: a million of them is an attack, too
}

TEST(Archive, TwoMembersOfOneNameAreBothGiven)
{
    const auto unpacked =
        Unpacked::of(make_archive({"ustar"}, {{"a.txt", "first"}, {"a.txt", "second"}}));
    ASSERT_EQ(unpacked.members.size(), 2U);
    EXPECT_EQ(unpacked.members[0].content, "first");
    EXPECT_EQ(unpacked.members[1].content, "second");
}

TEST(Archive, HardLinkIsGivenUnderItsOwnNameWithTheBytesOfItsTarget)
{
    const auto unpacked = Unpacked::of(make_archive(
        {"ustar"}, {{"readme.txt", "script"}, {"invoice.js", "", "readme.txt"}, {"z", "last"}}));
    EXPECT_EQ(unpacked.names(), (std::vector<std::string>{"readme.txt", "z", "invoice.js"}));
    EXPECT_EQ(unpacked.content("invoice.js"), "script");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Archive, HardLinkToNothingIsAGap)
{
    const auto unpacked =
        Unpacked::of(make_archive({"ustar"}, {{"invoice.js", "", "nowhere.txt"}}));
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), std::vector<std::string>{"damaged_archive: invoice.js"});
}

TEST(Archive, MembersBehindATarsEndMarkAreGiven)
{
    const auto unpacked = Unpacked::of(make_archive({"ustar"}, {{"seen.txt", "1"}}) +
                                       make_archive({"ustar"}, {{"unseen.exe", "2"}}));
    EXPECT_EQ(unpacked.names(), (std::vector<std::string>{"seen.txt", "unseen.exe"}));
}

TEST(Archive, UdfSideOfADiscImageIsAGap)
{
    auto image = make_archive({"iso9660"}, {{"a.txt", "content"}});
    const std::size_t spare_sector = 20 * std::size_t{2048};
    image.insert(spare_sector, 0, '\0');
    image.replace(spare_sector + 1, 5, "NSR02");
    const auto reasons = Unpacked::of(image).reasons();
    EXPECT_EQ(std::ranges::count(reasons, "unsupported_archive"), 1);
}

TEST(Archive, ArchiveWithoutAnyMemberIsNotPassedInSilence)
{
    EXPECT_EQ(Unpacked::of("!<arch>\n").reasons(), std::vector<std::string>{"damaged_archive"});
}

TEST(Archive, EmptySevenZipIsFine)
{
    const auto unpacked = Unpacked::of(make_archive({"7zip"}, {}));
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_TRUE(unpacked.gaps.empty());
}

} // namespace
} // namespace watchpost::unpack::test
