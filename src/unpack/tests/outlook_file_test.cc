// Stored Outlook messages (.msg): the streams under the names that people know.
#include <gtest/gtest.h>

#include <algorithm>

#include "unpack/tests/ole_maker.h"
#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

std::string utf16_text(std::string_view text)
{
    auto units = utf16(text);
    units.resize(units.size() - 2); // these streams have no NUL at their end
    return units;
}

const std::string first = "__attach_version1.0_#00000000/";
const std::string second = "__attach_version1.0_#00000001/";
const std::string inner = second + "__substg1.0_3701000D/";

std::vector<OleFile> sample_streams()
{
    return {{"__properties_version1.0", std::string(40, '\0')},
            {"__nameid_version1.0/__substg1.0_00020102", "ids"},
            {"__substg1.0_0037001F", utf16_text("Offer")},
            {"__substg1.0_1000001E", "plain body"},
            {"__substg1.0_10090102", make_compressed_rtf("{\\rtf1 body}")},
            {"__substg1.0_10130102", "<p>body</p>"},
            {first + "__properties_version1.0", "p"},
            {first + "__substg1.0_37010102", "MZ attached"},
            {first + "__substg1.0_3704001E", "A~1.EXE"},
            {first + "__substg1.0_3707001F", utf16_text("invoice.pdf")},
            {second + "__substg1.0_3001001F", utf16_text("forwarded")},
            {inner + "__substg1.0_1000001F", utf16_text("inner body")},
            {inner + first + "__substg1.0_37010102", "deep"},
            {inner + first + "__substg1.0_3707001F", utf16_text("deep.js")}};
}

TEST(OutlookFile, BodiesAndAttachmentsAreMembersUnderTheirNames)
{
    const auto unpacked = Unpacked::of(make_ole(sample_streams()));
    EXPECT_EQ(unpacked.content("subject.txt"), "Offer");
    EXPECT_EQ(unpacked.content("body.txt"), "plain body");
    EXPECT_EQ(unpacked.content("body.rtf"), "{\\rtf1 body}");
    EXPECT_EQ(unpacked.content("body.html"), "<p>body</p>");
    EXPECT_EQ(unpacked.content("invoice.pdf"), "MZ attached");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(OutlookFile, AttachedMessageLiesBelowItsName)
{
    const auto unpacked = Unpacked::of(make_ole(sample_streams()));
    EXPECT_EQ(unpacked.content("forwarded/body.txt"), "inner body");
    EXPECT_EQ(unpacked.content("forwarded/deep.js"), "deep");
}

TEST(OutlookFile, OtherNameOfAnAttachmentIsTheShortOne)
{
    const auto unpacked = Unpacked::of(make_ole(sample_streams()));
    const auto attachment = std::ranges::find(unpacked.members, "invoice.pdf", &KeptMember::name);
    ASSERT_NE(attachment, unpacked.members.end());
    EXPECT_EQ(attachment->other_name, "A~1.EXE");
}

TEST(OutlookFile, NothingIsMissing)
{
    const auto streams = sample_streams();
    const auto unpacked = Unpacked::of(make_ole(streams));
    EXPECT_EQ(unpacked.members.size(), streams.size());
    EXPECT_EQ(unpacked.content("__nameid_version1.0/__substg1.0_00020102"), "ids");
}

TEST(OutlookFile, BodyThatIsNoCompressedRtfIsGivenAsItStands)
{
    const auto unpacked = Unpacked::of(
        make_ole({{"__properties_version1.0", "p"}, {"__substg1.0_10090102", "no such thing"}}));
    EXPECT_EQ(unpacked.content("body.rtf"), "no such thing");
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive: body.rtf"});
}

TEST(OutlookFile, OtherCompoundFilesKeepTheirNames)
{
    const auto unpacked = Unpacked::of(make_ole({{"__substg1.0_0037001F", "x"}}));
    EXPECT_EQ(unpacked.names(), Names{"__substg1.0_0037001F"});
}

TEST(OutlookFile, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.limits.members_max = 3;
    EXPECT_EQ(Unpacked::of(make_ole(sample_streams()), options).reasons(), Names{"limit_members"});
    options.limits = {};
    options.limits.total_bytes_max = 30;
    const auto cut = Unpacked::of(make_ole(sample_streams()), options);
    EXPECT_LE(cut.usage.bytes, 30U);
    EXPECT_FALSE(cut.gaps.empty());
}

} // namespace
} // namespace watchpost::unpack::test
