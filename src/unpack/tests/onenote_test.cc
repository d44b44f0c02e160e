#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

const auto section = "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"s;

/// [MS-ONESTORE] §2.6.13.
std::string blob(std::string_view data)
{
    auto all = "\xE7\x16\xE3\xBD\x65\x26\x11\x45\xA4\xC4\x8D\x4D\x0B\x7A\x9E\xAC"s +
               little(data.size(), 8) + little(0, 12) + std::string{data};
    all.resize(all.size() + (8 - data.size() % 8) % 8, '\0');
    return all + "\x22\xA7\xFB\x71\x79\x0F\x0B\x4A\xBB\x13\x89\x92\x56\x42\x6B\x24"s;
}

std::string name_text(std::string_view name)
{
    const auto units = utf16(name);
    return little(units.size(), 4) + units;
}

TEST(OneNote, EmbeddedFilesAreMembersUnderTheNamesOfTheSection)
{
    const auto unpacked =
        Unpacked::of(section + std::string(100, '\0') + blob("\x89PNG picture") + blob("script") +
                     name_text("Untitled page") + name_text("invoice.hta") + blob("other"));
    EXPECT_EQ(unpacked.names(), (Names{"file 1", "invoice.hta", "file 3"}));
    EXPECT_EQ(unpacked.content("invoice.hta"), "script");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(OneNote, FileThatIsCutIsGivenAndTold)
{
    auto cut = section + blob("content of a file");
    cut.resize(cut.size() - 30);
    const auto unpacked = Unpacked::of(cut);
    EXPECT_EQ(unpacked.content("file 1"), "content of");
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive: file 1"});
}

TEST(OneNote, LengthThatReachesBeyondTheEndIsBounded)
{
    auto lying = section + blob("content");
    lying.replace(section.size() + 16, 8, std::string(8, '\xFF'));
    EXPECT_TRUE(Unpacked::of(lying).content("file 1").value_or("").starts_with("content"));
}

TEST(OneNote, StopsCleanlyAtEveryOffset)
{
    const auto whole = section + name_text("a.js") + blob("content") + blob("more");
    for (std::size_t end = section.size(); end < whole.size(); ++end) {
        const auto cut = Unpacked::of(std::string_view{whole}.substr(0, end));
        EXPECT_LE(cut.members.size(), 2U);
        EXPECT_LE(cut.usage.bytes, end);
    }
}

TEST(OneNote, EachLimitIsAGap)
{
    const auto whole = section + blob(noise(1000)) + blob(noise(1000)) + blob("x");
    Unpacked::Options options;
    options.limits.members_max = 2;
    EXPECT_EQ(Unpacked::of(whole, options).reasons(), Names{"limit_members"});
    options.limits = {};
    options.limits.member_bytes_max = 900;
    EXPECT_EQ(Unpacked::of(whole, options).reasons(),
              (Names{"limit_member_bytes: file 1", "limit_member_bytes: file 2"}));
    options.limits = {};
    options.limits.total_bytes_max = 1500;
    EXPECT_EQ(Unpacked::of(whole, options).reasons(), Names{"limit_total_bytes: file 2"});
}

} // namespace
} // namespace watchpost::unpack::test
