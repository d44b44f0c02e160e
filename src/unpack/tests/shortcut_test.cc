#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

std::string header(std::uint32_t flags)
{
    return "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"s + little(flags, 4) +
           std::string(52, '\0');
}

std::string counted_units(std::string_view text)
{
    auto units = utf16(text);
    return little(text.size(), 2) + units.substr(0, units.size() - 2);
}

/// [MS-SHLLINK] §2.3: a path on a drive.
std::string link_info(std::string_view path)
{
    return little(0x1C + path.size() + 2, 4) + little(0x1C, 4) + little(1, 4) + little(0, 4) +
           little(0x1C, 4) + little(0, 4) + little(0x1C + path.size() + 1, 4) + std::string{path} +
           "\0\0"s;
}

std::string environment_block(std::uint32_t kind, std::string_view text)
{
    auto octets = std::string{text};
    octets.resize(260);
    auto units = utf16(text);
    units.resize(520);
    return little(0x314, 4) + little(kind, 4) + octets + units;
}

std::string sample()
{
    return header(0x02 | 0x20 | 0x40 | 0x80) + link_info("C:\\Windows\\cmd.exe") +
           counted_units("/c start https://evil.example/a") +
           counted_units("\\\\evil.example\\icon.ico") + little(0, 4);
}

TEST(Shortcut, CommandIsAReferenceAndAMember)
{
    const auto unpacked = Unpacked::of(sample());
    EXPECT_EQ(unpacked.references,
              (Names{"launch C:\\Windows\\cmd.exe /c start https://evil.example/a",
                     "load \\\\evil.example\\icon.ico"}));
    EXPECT_EQ(unpacked.content("command.txt"),
              "C:\\Windows\\cmd.exe /c start https://evil.example/a");
    EXPECT_EQ(unpacked.members.size(), 1U);
}

TEST(Shortcut, EveryTargetIsTold)
{
    const auto id_list = little(22 + 19 + 2, 2) + little(22, 2) + "\x2F"s + "C:\\\0"s +
                         std::string(15, '\0') + little(19, 2) + "\x32"s + std::string(11, '\0') +
                         "a.js\0"s + little(0, 2);
    const auto unpacked =
        Unpacked::of(header(0x01 | 0x02 | 0x08 | 0x80) + id_list + link_info("C:\\b.exe") +
                     counted_units("..\\c.exe") + environment_block(0xA0000001, "%WINDIR%\\d.exe") +
                     environment_block(0xA0000007, "https://evil.example/i") + little(0, 4));
    EXPECT_EQ(unpacked.references,
              (Names{"launch %WINDIR%\\d.exe", "launch C:\\a.js", "launch C:\\b.exe",
                     "launch ..\\c.exe", "load https://evil.example/i"}));
}

TEST(Shortcut, OctetsBehindItsEndAreAMember)
{
    EXPECT_EQ(Unpacked::of(sample() + "MZ program").content("appended"), "MZ program");
}

TEST(Shortcut, StopsCleanlyAtEveryOffset)
{
    const auto whole = sample();
    for (std::size_t end = 20; end < whole.size(); ++end) {
        const auto cut = Unpacked::of(std::string_view{whole}.substr(0, end));
        EXPECT_GE(cut.members.size(), 1U);
        EXPECT_LE(cut.usage.bytes, 2 * end);
    }
}

TEST(Shortcut, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 10;
    EXPECT_EQ(Unpacked::of(sample(), options).reasons(), Names{"limit_member_bytes: command.txt"});
    options.limits = {};
    options.limits.members_max = 0;
    EXPECT_EQ(Unpacked::of(sample(), options).reasons(), Names{"limit_members"});
}

TEST(InternetShortcut, AddressAndRemoteIconsAreReferences)
{
    const auto unpacked =
        Unpacked::of("\r\n[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,11\r\n"
                     "[InternetShortcut]\r\nURL = https://a.example/\r\n"
                     "IconFile=\\\\b.example\\x.ico\r\nWorkingDirectory=C:\\\r\n");
    EXPECT_EQ(unpacked.references, (Names{"link https://a.example/", "load \\\\b.example\\x.ico"}));
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(InternetShortcut, TextThatQuotesOneIsNone)
{
    EXPECT_EQ(container_format(base::as_bytes("A file has [InternetShortcut] in it.")), "");
}

} // namespace
} // namespace watchpost::unpack::test
