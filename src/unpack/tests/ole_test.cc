#include <gtest/gtest.h>

#include <algorithm>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/ole_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

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

/// [MS-OVBA] §2.4.1: flag octets of zero, eight literals behind each.
std::string module_of(const std::string& source)
{
    std::string tokens;
    for (std::size_t at = 0; at < source.size(); at += 8) {
        tokens += '\0' + source.substr(at, 8);
    }
    const auto head = 0xB000U | static_cast<unsigned>(tokens.size() - 1);
    return "compiled\x01" + little_endian(head, 2) + tokens;
}

TEST(Ole, SourceOfMacrosIsAMemberBelowItsStream)
{
    const std::string source = "Attribute VB_Name = \"M\"\r\nSub AutoOpen()\r\nEnd Sub\r\n";
    const auto unpacked = Unpacked::of(make_ole({{"Macros/VBA/M", module_of(source)},
                                                 {"Macros/VBA/dir", module_of(source)},
                                                 {"Other/M", module_of(source)}}));
    EXPECT_EQ(unpacked.content("Macros/VBA/M/source.vba"), source);
    EXPECT_EQ(unpacked.members.size(), 4U);
}

std::string stored_object(const std::string& ole, bool is_compressed)
{
    // RFC 1950: the header that raw deflate lacks; zlib asks for no more until the end.
    const auto packed =
        is_compressed ? little_endian(ole.size(), 4) + "\x78\x9C" + deflated(ole) : ole;
    return std::string{is_compressed ? '\x10' : '\0', '\0'} + "\x11\x10" +
           little_endian(packed.size(), 4) + packed;
}

TEST(Ole, ObjectsOfAPresentationAreMembers)
{
    const auto inner = make_ole({{"VBA/dir", "x"}});
    const auto unpacked =
        Unpacked::of(make_ole({{"PowerPoint Document", "\x11\x10junk" + stored_object(inner, true) +
                                                           stored_object("no OLE file", true) +
                                                           stored_object(inner, false)}}));
    EXPECT_TRUE(unpacked.content("PowerPoint Document/object 1") == inner);
    EXPECT_TRUE(unpacked.content("PowerPoint Document/object 3") == inner);
    EXPECT_EQ(unpacked.members.size(), 3U);
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Ole, ObjectsOfAPresentationKeepTheLimits)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 4'000;
    const auto inner = make_ole({{"a", noise(20'000)}});
    const auto unpacked = Unpacked::of(
        make_ole({{"PowerPoint Document", stored_object(inner, true).substr(0, 4'000)}}), options);
    EXPECT_EQ(unpacked.reasons(), Names{"limit_member_bytes: PowerPoint Document/object 1"});
}

std::string wide(const std::string& text)
{
    std::string result;
    for (const char c : text) {
        result += {c, '\0'};
    }
    return result;
}

TEST(Ole, FieldsOfWordAreReferences)
{
    const auto wide_field = wide("\x13 dde cmd x\x14y\x15");
    const auto unpacked = Unpacked::of(
        make_ole({{"WordDocument", "\x13 HYPERLINK \"https://a.example/\" \x14shown\x15 and "
                                   "\x13 DDEAUTO c:\\\\cmd.exe \"/k\"\x15\x13INCLUDETEXT "
                                   "\"http://b.example/x\"\x15\x13 INCLUDEPICTURE \"cid:1\"\x15" +
                                       wide_field}}));
    EXPECT_EQ(unpacked.references, (Names{"link https://a.example/", "dde c:\\cmd.exe \"/k\"",
                                          "load http://b.example/x", "dde cmd x"}));
}

TEST(Ole, MonikersOfLinkedObjectsAreFetched)
{
    const std::string url_class{"\xE0\xC9\xEA\x79\xF9\xBA\xCE\x11\x8C\x82\x00\xAA\x00\x4B\xA9\x0B",
                                16};
    const std::string file_class{"\x03\x03\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", 16};
    const auto url = wide("http://a.example/x.hta") + std::string(2, '\0');
    const auto moniker = url_class + little_endian(url.size(), 4) + url;
    const std::string path = "\\\\b.example\\s\\o.doc";
    const auto file = file_class + little_endian(0, 2) + little_endian(path.size() + 1, 4) + path +
                      '\0' + file_class + little_endian(0, 2) + little_endian(7, 4) + "C:\\a.b";
    EXPECT_EQ(Unpacked::of(make_ole({{"\1Ole", "head" + moniker + file}})).references,
              (Names{"load http://a.example/x.hta", "load \\\\b.example\\s\\o.doc"}));
    EXPECT_EQ(Unpacked::of(make_ole({{"Workbook", moniker + moniker}})).references,
              Names{"link http://a.example/x.hta"});
    for (std::size_t size = 0; size < moniker.size(); ++size) { // stops cleanly
        EXPECT_LE(Unpacked::of(make_ole({{"\1Ole", moniker.substr(0, size)}})).references.size(),
                  1U);
    }
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
