#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

// Every kind of container must keep every limit: archives, and the bare compressions.
class EachKind : public testing::TestWithParam<std::size_t> {
protected:
    [[nodiscard]] static const Kind& kind() { return kinds().at(GetParam()); }
    [[nodiscard]] static bool is_stream() { return kind().format == "raw"; }
    [[nodiscard]] static std::string sample()
    {
        return make_archive(kind(), {{"a", noise(100'000)}});
    }
};

TEST_P(EachKind, MemberBytesAreCutAtTheLimit)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 70'001;
    const auto unpacked = Unpacked::of(sample(), options);
    ASSERT_EQ(unpacked.members.size(), 1U);
    EXPECT_TRUE(unpacked.members[0].content == noise(100'000).substr(0, 70'001));
    ASSERT_EQ(unpacked.gaps.size(), 1U);
    EXPECT_EQ(unpacked.gaps[0].reason, "limit_member_bytes");
    EXPECT_EQ(unpacked.gaps[0].member, unpacked.members[0].name);
}

TEST_P(EachKind, TotalBytesAreCutAtTheLimit)
{
    Unpacked::Options options;
    options.limits.total_bytes_max = 70'001;
    const auto unpacked = Unpacked::of(sample(), options);
    EXPECT_EQ(unpacked.usage.bytes, 70'001U);
    ASSERT_EQ(unpacked.gaps.size(), 1U);
    EXPECT_EQ(unpacked.gaps[0].reason, "limit_total_bytes");
}

TEST_P(EachKind, PassedDeadlineEndsTheContainer)
{
    Unpacked::Options options;
    options.deadline = base::Deadline::min();
    const auto unpacked = Unpacked::of(sample(), options);
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), Names{"timed_out"});
}

TEST_P(EachKind, NoEntryIsReadOnceTheyAreUsedUp)
{
    Unpacked::Options options;
    options.limits.members_max = 0;
    const auto unpacked = Unpacked::of(sample(), options);
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), Names{"limit_members"});
}

INSTANTIATE_TEST_SUITE_P(Limits, EachKind, testing::Range(std::size_t{0}, kinds().size()),
                         [](const auto& param) {
                             const auto& kind = kinds().at(param.param);
                             return kind.format + "_" + kind.filter;
                         });

TEST(Limits, CutMemberDoesNotHideTheNext)
{
    for (const auto& kind : kinds()) {
        if (kind.format == "raw") {
            continue;
        }
        SCOPED_TRACE(kind.format);
        Unpacked::Options options;
        options.limits.member_bytes_max = 50'000;
        const auto unpacked =
            Unpacked::of(make_archive(kind, {{"a", noise(100'000)}, {"b", "seen"}}), options);
        EXPECT_EQ(unpacked.content("b"), "seen");
    }
}

TEST(Limits, MembersAreCountedOverAllContainersOfAMessage)
{
    Unpacked::Options options;
    options.limits.members_max = 3;
    Unpacked sink;
    const auto zip = make_zip({{"a", "1"}, {"b", "2"}});
    for (int i = 0; i < 2; ++i) {
        PasswordList passwords{{}};
        unpack(base::as_bytes(zip), "x.zip", passwords, options.limits, sink.usage,
               options.deadline, sink);
    }
    EXPECT_EQ(sink.names(), (Names{"a", "b", "a"}));
    EXPECT_EQ(sink.reasons(), Names{"limit_members"});
    EXPECT_EQ(sink.usage.members, 3U);
}

TEST(Limits, RatioIsNotLookedAtBelowItsFreeBytes)
{
    Unpacked::Options options;
    options.limits.ratio_max = 2;
    const auto gzip = make_archive({"raw", "gzip"}, {{"x", std::string(1'000'000, 'x')}});
    EXPECT_TRUE(Unpacked::of(gzip, options).gaps.empty());
    options.limits.ratio_free_bytes = 999'999;
    const auto cut = Unpacked::of(gzip, options);
    EXPECT_EQ(cut.members.at(0).content.size(), 999'999U);
    ASSERT_EQ(cut.gaps.size(), 1U);
    EXPECT_EQ(cut.gaps[0].reason, "limit_ratio");
}

TEST(Limits, OverlappingMembersOfABombEndByTheRatioOfTheWhole)
{
    // As in the bombs of 2019: the directory lists the same data thousands of times.
    const std::string zeros(1'000'000, '\0');
    ZipPart kernel{"a", deflated(zeros), true, {}, {}, 8, 1'000'000U, crc_of(zeros)};
    const auto zip = make_planned_zip(ZipPlan{{kernel}, "", "", 5000});
    ASSERT_LT(zip.size(), 250'000U);
    Unpacked::Options options;
    options.limits.total_bytes_max = std::uint64_t{100} << 30U;
    options.limits.ratio_max = 100;
    const auto unpacked = Unpacked::of(zip, options);
    EXPECT_EQ(unpacked.usage.bytes, 100 * zip.size());
    EXPECT_EQ(unpacked.reasons(), Names{"limit_ratio: a"});
}

TEST(Limits, SizesThatAreOnlyClaimedReserveNothing)
{
    ZipPart part{"a", deflated("content")};
    part.method = 8;
    part.unpacked = 0xFFFFFFF0U;
    part.crc = crc_of("content");
    const auto unpacked = Unpacked::of(make_zip({part}));
    EXPECT_EQ(unpacked.content("a"), "content");
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive: a"});
}

TEST(Limits, DictionariesOfGigabytesAreRefused)
{
    using namespace std::string_literals;
    const auto properties = "\x5D\0\0\0\x80"s; // 2 GiB
    const auto lzma = properties + std::string(8, '\xFF') + std::string(20, '\0');
    EXPECT_EQ(Unpacked::of(lzma).reasons(), Names{"unsupported_archive"});
    ZipPart part{"a", "\x09\x14\x05\0"s + properties + std::string(20, '\0')};
    part.method = 14;
    EXPECT_EQ(Unpacked::of(make_zip({part})).reasons(), Names{"unsupported_archive: a"});
    part.is_listed = false;
    EXPECT_EQ(Unpacked::of(make_zip({part, {"b", "1"}})).reasons(),
              (Names{"unsupported_archive: a", "zip_hidden_entries: a"}));
}

TEST(Limits, BytesBehindACutMemberCountForTheRatio)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 10;
    options.limits.ratio_max = 1;
    options.limits.ratio_free_bytes = 100'000;
    const auto tar = make_archive({"7zip"}, {{"a", std::string(5'000'000, 'x')}, {"b", "seen"}});
    const auto unpacked = Unpacked::of(tar, options);
    EXPECT_EQ(unpacked.names(), Names{"a"});
    EXPECT_EQ(unpacked.reasons(), (Names{"limit_ratio", "limit_member_bytes: a"}));
}

TEST(Limits, LinksToOneFilePayForItsBytesEach)
{
    std::vector<File> files{{"a", noise(1000)}};
    for (int i = 0; i < 100; ++i) {
        files.push_back({"link" + std::to_string(i), "", "a"});
    }
    Unpacked::Options options;
    options.limits.total_bytes_max = 10'000;
    const auto unpacked = Unpacked::of(make_archive({"ustar"}, files), options);
    EXPECT_EQ(unpacked.members.size(), 11U); // of the last one nothing was left
    EXPECT_EQ(unpacked.usage.bytes, 10'000U);
    EXPECT_EQ(unpacked.gaps.size(), 1U);
}

} // namespace
} // namespace watchpost::unpack::test
