#include <gtest/gtest.h>

#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

const std::string sample =
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Meet\r\nURL:https://a.exam\r\n ple/x\r\n"
    "DESCRIPTION:Join at http://b.example/y\\nor call\r\n"
    "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=\"a.exe\":TVog\r\n"
    " cHJvZ3JhbQ==\r\nATTACH:data:text/plain;base64,aGVsbG8=\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

TEST(Calendar, AttachmentsAreMembersAndAddressesReferences)
{
    const auto unpacked = Unpacked::of(sample);
    EXPECT_EQ(unpacked.names(), (Names{"a.exe", "attach"}));
    EXPECT_EQ(unpacked.content("a.exe"), "MZ program");
    EXPECT_EQ(unpacked.content("attach"), "hello");
    EXPECT_EQ(unpacked.references, (Names{"link https://a.example/x", "link http://b.example/y"}));
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Calendar, PhotoOfABusinessCardIsAMember)
{
    const auto unpacked = Unpacked::of("begin:vcard\nVERSION:3.0\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\n"
                                       "LOGO;BASE64:TVo=\nEND:VCARD\n");
    EXPECT_EQ(unpacked.content("photo"), "\xFF\xD8\xFF");
    EXPECT_EQ(unpacked.content("logo"), "MZ");
}

TEST(Calendar, FileWithoutAnyNameHasOne)
{
    EXPECT_EQ(Unpacked::of("BEGIN:VCARD\n;ENCODING=b:TVo=\n").names(), Names{"attachment"});
}

TEST(Calendar, EverySplitByFoldingGivesTheSame)
{
    const std::string line = "URL:https://a.example/x";
    for (std::size_t at = 1; at < line.size(); ++at) {
        const auto folded = line.substr(0, at) + "\r\n " + line.substr(at);
        EXPECT_EQ(Unpacked::of("BEGIN:VCALENDAR\r\n" + folded + "\r\n").references,
                  Names{"link https://a.example/x"});
    }
}

TEST(Calendar, StopsCleanlyAtEveryOffset)
{
    for (std::size_t end = 15; end < sample.size(); ++end) {
        EXPECT_TRUE(Unpacked::of(std::string_view{sample}.substr(0, end)).gaps.empty());
    }
}

TEST(Calendar, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 6;
    EXPECT_EQ(Unpacked::of(sample, options).reasons(), Names{"limit_member_bytes: a.exe"});
    options.limits = {};
    options.limits.members_max = 1;
    EXPECT_EQ(Unpacked::of(sample, options).reasons(), Names{"limit_members"});
}

} // namespace
} // namespace watchpost::unpack::test
