#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

std::string_view format_of(std::string_view bytes)
{
    return container_format(base::as_bytes(bytes));
}

TEST(ContainerFormat, EachKindIsKnownByItsContent)
{
    for (const auto& kind : kinds()) {
        EXPECT_EQ(format_of(make_archive(kind, {{"a.txt", "content"}})), kind.expected)
            << kind.format << ' ' << kind.filter;
    }
}

TEST(ContainerFormat, TextsAndPicturesAndProgramsAreNone)
{
    for (const auto& bytes : {""s, "P"s, "PK"s, "Dear Sir,\r\nPK\x03\x04"s, "%PDF-1.7\n"s,
                              "\x89PNG\r\n\x1A\n"s, "MZ"s + std::string(2000, '\0'),
                              "\x1F\x9D\xFF rest"s, "070701 12:00 log " + std::string(200, '1'),
                              std::string(40'000, '\0'), noise(40'000), "7z"s, "Rar!"s}) {
        EXPECT_EQ(format_of(bytes), "") << bytes.substr(0, 8);
    }
}

TEST(ContainerFormat, ZipBehindAProgramIsFoundFromItsEnd)
{
    const auto zip =
        make_planned_zip(ZipPlan{{{"a.exe", "MZ"}}, "MZ" + noise(5000), "a comment", 1});
    EXPECT_EQ(format_of(zip), "zip");
    EXPECT_EQ(Unpacked::of(zip).names(), std::vector<std::string>{"a.exe"});
}

TEST(ContainerFormat, ZipEndRecordWithoutADirectoryIsNone)
{
    EXPECT_EQ(format_of("some text PK\x05\x06"s + std::string(18, '\0')), "");
}

TEST(ContainerFormat, SevenZipBehindAProgramIsFoundByItsHeaderChecksum)
{
    const auto archive = make_archive({"7zip"}, {{"a.txt", "content"}});
    const auto extractor = "MZ" + noise(3000) + "7z\xBC\xAF\x27\x1C"s + noise(3000) + archive;
    EXPECT_EQ(format_of(extractor), "7z");
    EXPECT_EQ(Unpacked::of(extractor).content("a.txt"), "content");
}

TEST(ContainerFormat, SignatureAloneInsideAProgramIsNone)
{
    EXPECT_EQ(format_of("MZ" + noise(3000) + "7z\xBC\xAF\x27\x1C"s + noise(3000)), "");
}

TEST(ContainerFormat, TarWithoutMagicIsKnownByItsChecksum)
{
    auto tar = make_archive({"v7tar"}, {{"a.txt", "content"}});
    EXPECT_EQ(tar.find("ustar"), tar.npos);
    EXPECT_EQ(format_of(tar), "tar");
    tar[0] = 'b';
    EXPECT_EQ(format_of(tar), "");
}

TEST(ContainerFormat, KnownButUnreadFormatsAreAGapAndNotSilence)
{
    for (const auto& bytes :
         {"MSWIM\0\0\0"s, "vhdxfile"s, "\xED\xAB\xEE\xDB"s, "xar!\0\x1C"s,
          std::string(7, 'x') + "**ACE**"s, std::string(512, 'x') + "conectix"s + noise(504)}) {
        EXPECT_NE(format_of(bytes), "") << bytes.substr(0, 8);
        EXPECT_EQ(Unpacked::of(bytes).reasons(), std::vector<std::string>{"unsupported_archive"});
    }
}

TEST(ContainerFormat, NoContainerAtAllIsToldWhenAskedToOpen)
{
    EXPECT_EQ(Unpacked::of("plain text").reasons(),
              std::vector<std::string>{"unsupported_archive"});
}

} // namespace
} // namespace watchpost::unpack::test
