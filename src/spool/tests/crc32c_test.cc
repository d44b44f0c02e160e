#include "spool/crc32c.h"

#include <gtest/gtest.h>

namespace watchpost::spool {
namespace {

/// Every length around the stride and every split of it, by both ways of reckoning.
TEST(Crc32c, EverySplitGivesTheSameSumByInstructionAndByTable)
{
    base::Bytes bytes;
    for (int i = 0; i < 41; ++i) {
        bytes.push_back(static_cast<std::byte>(i * 7 + 3));
        const base::ByteView all{bytes};
        const std::uint32_t whole = crc32c(0, all);
        EXPECT_EQ(crc32c_portable(0, all), whole) << i;
        for (std::size_t split = 0; split <= all.size(); ++split) {
            const std::uint32_t first = crc32c(0, all.first(split));
            EXPECT_EQ(crc32c(first, all.subspan(split)), whole) << i << ' ' << split;
        }
    }
}

TEST(Crc32c, KnownValuesOfRfc3720)
{
    const base::Bytes zeros(32, std::byte{0});
    const base::Bytes ones(32, std::byte{0xFF});
    EXPECT_EQ(crc32c(0, zeros), 0x8A9136AAU);
    EXPECT_EQ(crc32c(0, ones), 0x62A8AB43U);
    EXPECT_EQ(crc32c(0, base::as_bytes("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c_portable(0, base::as_bytes("123456789")), 0xE3069283U);
}

TEST(Crc32c, NothingHasTheSumZero)
{
    EXPECT_EQ(crc32c(0, {}), 0U);
}

} // namespace
} // namespace watchpost::spool
