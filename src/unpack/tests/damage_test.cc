// Whatever is cut off or altered: unpack() comes back, and what it gives before the damage is
// right.
#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/ole_maker.h"
#include "unpack/tests/pdf_maker.h"
#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

struct Sample {
    std::string name;
    std::string bytes;
};

std::vector<Sample> samples()
{
    const std::vector<File> files{{"a.txt", "first content"}, {"b.txt", noise(200)}};
    std::vector<Sample> all;
    for (const auto& kind : kinds()) {
        auto bytes = kind.format == "raw" ? make_archive(kind, {{"x", noise(300)}})
                                          : make_archive(kind, files);
        all.push_back({kind.format + " " + kind.filter, std::move(bytes)});
    }
    all.push_back({"zip aes", make_archive({"zip"}, files, {"zip:encryption=aes256", "sesame"})});
    all.push_back({"ole", make_ole({{"Macros/VBA/Module1", noise(300)}, {"Big", noise(5000)}})});
    all.push_back({"pdf", make_sample_pdf()});
    all.push_back({"tnef", make_sample_tnef()});
    return all;
}

/// Neither ar archives nor TNEF nor the streams of compress(1) have an end mark or a size.
bool shows_its_end(const Sample& sample)
{
    return !sample.name.starts_with("ar") && sample.name != "raw compress" && sample.name != "tnef";
}

/// Every offset of a small sample, some thousands of a large one (an ISO image is mostly zeros).
std::size_t step_of(const std::string& bytes)
{
    constexpr std::size_t offsets_max = 3000;
    return 1 + bytes.size() / offsets_max;
}

Unpacked unpack_bounded(std::string_view bytes)
{
    Unpacked::Options options;
    options.passwords = {"sesame"};
    options.limits.total_bytes_max = 1'000'000;
    options.limits.members_max = 1000;
    return Unpacked::of(bytes, options);
}

TEST(Damage, StopsCleanlyAtEveryOffset)
{
    for (const auto& sample : samples()) {
        SCOPED_TRACE(sample.name);
        const auto whole = unpack_bounded(sample.bytes);
        ASSERT_TRUE(whole.gaps.empty());
        const std::string_view bytes = sample.bytes;
        std::vector<std::size_t> silent_losses; // offsets
        for (std::size_t end = 0; end < bytes.size(); end += step_of(sample.bytes)) {
            const auto cut = unpack_bounded(bytes.substr(0, end));
            if (cut.gaps.empty() && cut.usage.bytes != whole.usage.bytes) {
                silent_losses.push_back(end);
            }
        }
        EXPECT_TRUE(silent_losses.empty() || !shows_its_end(sample))
            << testing::PrintToString(silent_losses);
    }
}

TEST(Damage, FlippedBitsEndCleanly)
{
    for (const auto& sample : samples()) {
        auto bytes = sample.bytes;
        for (std::size_t at = 0; at < bytes.size(); at += step_of(bytes)) {
            const auto kept = bytes[at];
            for (const int mask : {0x01, 0x80, 0xFF}) {
                bytes[at] = static_cast<char>(kept ^ mask);
                const auto unpacked = unpack_bounded(bytes);
                EXPECT_LE(unpacked.usage.bytes, 1'000'000U) << sample.name << " at " << at;
            }
            bytes[at] = kept;
        }
    }
}

TEST(Damage, MembersBeforeTheDamageAreGiven)
{
    for (const char* format : {"ustar", "cpio", "7zip"}) {
        SCOPED_TRACE(format);
        const auto bytes =
            make_archive({format}, {{"a", noise(3000)}, {"b", noise(3000, 2)}},
                         {format == std::string{"7zip"} ? "compression=store" : "", {}});
        auto damaged = bytes;
        damaged.resize(bytes.size() - 2500);
        const auto unpacked = unpack_bounded(damaged);
        EXPECT_FALSE(unpacked.gaps.empty());
        if (format != std::string{"7zip"}) { // its list of members stands at the end
            EXPECT_TRUE(unpacked.content("a") == noise(3000));
        }
    }
}

TEST(Damage, StreamGivesWhatCameBeforeTheDamage)
{
    const auto text = noise(500'000);
    const auto gzip = make_archive({"raw", "gzip"}, {{"x", text}});
    const auto unpacked = Unpacked::of(std::string_view{gzip}.substr(0, gzip.size() / 2));
    ASSERT_EQ(unpacked.members.size(), 1U);
    EXPECT_GT(unpacked.members[0].content.size(), 100'000U);
    EXPECT_TRUE(text.starts_with(unpacked.members[0].content));
    EXPECT_EQ(unpacked.gaps.at(0).reason, "damaged_archive");
}

} // namespace
} // namespace watchpost::unpack::test
