#include <gtest/gtest.h>

#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

constexpr std::uint32_t attach_begin = 0x00069002;
constexpr std::uint32_t attach_title = 0x00018010;
constexpr std::uint32_t attach_data = 0x0006800F;
constexpr std::uint32_t attach_properties = 0x00069005;

TEST(Tnef, SubjectBodiesAndAttachmentsAreMembers)
{
    const auto unpacked = Unpacked::of(make_sample_tnef());
    EXPECT_EQ(unpacked.names(),
              (Names{"subject.txt", "body.rtf", "body.html", "invoice 1.pdf", "forwarded"}));
    EXPECT_EQ(unpacked.content("subject.txt"), "Offer");
    EXPECT_EQ(unpacked.content("body.rtf"), "{\\rtf1 hello}");
    EXPECT_EQ(unpacked.content("invoice 1.pdf"), "content of the attachment");
    EXPECT_EQ(unpacked.reasons(), Names{});
}

TEST(Tnef, MessageAsAttachmentIsTnefAgain)
{
    const auto outer = Unpacked::of(make_sample_tnef());
    const auto inner = outer.content("forwarded").value_or("");
    EXPECT_EQ(container_format(base::as_bytes(inner)), "tnef");
    EXPECT_EQ(Unpacked::of(inner).content("body.txt"), "inner text");
}

TEST(Tnef, TitleThatOldProgramsShowIsTheOtherName)
{
    const auto unpacked = Unpacked::of(make_tnef(
        {make_attribute(2, attach_begin, ""), make_attribute(2, attach_title, "a.exe\0"s),
         make_attribute(2, attach_data, "x"),
         make_attribute(2, attach_properties, make_properties({{0x3707, 0x1E, "invoice.pdf"}}))}));
    ASSERT_EQ(unpacked.members.size(), 1U);
    EXPECT_EQ(unpacked.members[0].name, "invoice.pdf");
    EXPECT_EQ(unpacked.members[0].other_name, "a.exe");
}

TEST(Tnef, NameEndsAtItsFirstNul)
{
    const auto unpacked = Unpacked::of(make_tnef(
        {make_attribute(2, attach_title, "a.exe\0.txt\0"s), make_attribute(2, attach_data, "x")}));
    EXPECT_EQ(unpacked.names(), Names{"a.exe"});
}

TEST(Tnef, AttachmentsThatNobodyBeganAreToldApart)
{
    const auto unpacked = Unpacked::of(
        make_tnef({make_attribute(2, attach_title, "a"), make_attribute(2, attach_data, "1"),
                   make_attribute(2, attach_title, "b"), make_attribute(2, attach_data, "2")}));
    EXPECT_EQ(unpacked.content("a"), "1");
    EXPECT_EQ(unpacked.content("b"), "2");
}

TEST(Tnef, SecondContentOfAnAttachmentIsAMemberToo)
{
    const auto unpacked = Unpacked::of(make_tnef(
        {make_attribute(2, attach_title, "a"), make_attribute(2, attach_data, "shown"),
         make_attribute(2, attach_properties, make_properties({{0x3701, 0x102, "hidden"}}))}));
    ASSERT_EQ(unpacked.members.size(), 2U);
    EXPECT_EQ(unpacked.members[1].content, "hidden");
}

TEST(Tnef, WrongChecksumIsTolerated)
{
    auto attribute = make_attribute(2, attach_data, "content");
    attribute.back() = 'X';
    const auto unpacked = Unpacked::of(make_tnef({attribute}));
    EXPECT_EQ(unpacked.content("attachment"), "content");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Tnef, LengthThatLiesGivesWhatIsThereAndIsTold)
{
    auto attribute = make_attribute(2, attach_data, "content");
    attribute[5] = '\x7F'; // of 127 octets
    attribute.resize(attribute.size() - 2);
    const auto unpacked = Unpacked::of(make_tnef({attribute}));
    EXPECT_EQ(unpacked.content("attachment"), "content");
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Tnef, OctetsBehindTheLastAttributeAreToldUnlessTheyArePadding)
{
    EXPECT_TRUE(Unpacked::of(make_sample_tnef() + "\0\0\r\n"s).gaps.empty());
    EXPECT_EQ(Unpacked::of(make_sample_tnef() + "MZ").reasons(), Names{"damaged_archive"});
}

TEST(Tnef, PropertyOfUnknownTypeEndsTheListAndIsTold)
{
    const auto unpacked = Unpacked::of(make_tnef(
        {make_attribute(2, attach_properties,
                        make_properties({{0x3701, 0x102, "content"}, {0x3001, 0x77, "1234"}}))}));
    EXPECT_EQ(unpacked.content("attachment"), "content");
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Tnef, NamedPropertiesAndSeveralValuesAreSteppedOver)
{
    const auto named = little(0x1003, 2) + little(0x8005, 2) + std::string(16, 'g') + little(1, 4) +
                       little(6, 4) + "a\0b\0\0\0\0\0"s + little(2, 4) + little(1, 4) +
                       little(2, 4);
    auto properties = make_properties({{0x3701, 0x102, "content"}});
    properties[0] = 2;
    properties.insert(4, named);
    const auto unpacked =
        Unpacked::of(make_tnef({make_attribute(2, attach_properties, properties)}));
    EXPECT_EQ(unpacked.content("attachment"), "content");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Tnef, CutAnywhereButBetweenAttributesIsTold)
{
    const auto stream = make_sample_tnef();
    const auto whole = Unpacked::of(stream);
    std::vector<std::size_t> silent; // offsets
    for (std::size_t end = 5; end < stream.size(); ++end) {
        const auto cut = Unpacked::of(std::string_view{stream}.substr(0, end));
        if (cut.gaps.empty() && cut.usage.bytes != whole.usage.bytes) {
            silent.push_back(end);
        }
    }
    EXPECT_EQ(silent.size(), 8U) << testing::PrintToString(silent);
}

TEST(Tnef, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 10;
    const auto cut = Unpacked::of(make_sample_tnef(), options);
    EXPECT_EQ(cut.content("invoice 1.pdf"), "content of");
    EXPECT_EQ(cut.reasons(),
              (Names{"limit_member_bytes: body.rtf", "limit_member_bytes: body.html",
                     "limit_member_bytes: invoice 1.pdf", "limit_member_bytes: forwarded"}));
    options.limits = {};
    options.limits.members_max = 2;
    EXPECT_EQ(Unpacked::of(make_sample_tnef(), options).reasons(), Names{"limit_members"});
    options.limits = {};
    options.limits.total_bytes_max = 20;
    const auto stopped = Unpacked::of(make_sample_tnef(), options);
    EXPECT_EQ(stopped.usage.bytes, 20U);
    EXPECT_EQ(stopped.reasons(), Names{"limit_total_bytes: body.html"});
}

TEST(CompressedRtf, ReferencesIntoThePresetDictionaryAreFollowed)
{
    // "{\rtf1" from offset 0, then a literal, then the end mark.
    const auto tokens =
        "\x05\x00\x04}"s + little((207U + 7) << 4U >> 8U, 1) + little((207U + 7) << 4U, 1);
    const auto compressed = little(0, 4) + little(0, 4) + "LZFu" + little(0, 4) + tokens;
    const auto unpacked = Unpacked::of(
        make_tnef({make_attribute(1, 0x00069003, make_properties({{0x1009, 0x102, compressed}}))}));
    EXPECT_EQ(unpacked.content("body.rtf"), "{\\rtf1}");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(CompressedRtf, WithoutItsEndMarkItIsToldAsDamaged)
{
    auto compressed = make_compressed_rtf("{\\rtf1 hello}");
    compressed.resize(compressed.size() - 2);
    const auto unpacked = Unpacked::of(
        make_tnef({make_attribute(1, 0x00069003, make_properties({{0x1009, 0x102, compressed}}))}));
    EXPECT_EQ(unpacked.content("body.rtf"), "{\\rtf1 hello}");
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive: body.rtf"});
}

TEST(CompressedRtf, UncompressedKindIsTakenAsItStands)
{
    const auto stored = little(17, 4) + little(5, 4) + "MELA" + little(0, 4) + "{\\rt}";
    const auto unpacked = Unpacked::of(
        make_tnef({make_attribute(1, 0x00069003, make_properties({{0x1009, 0x102, stored}}))}));
    EXPECT_EQ(unpacked.content("body.rtf"), "{\\rt}");
}

} // namespace
} // namespace watchpost::unpack::test
