#include "base/bytes.h"

#include <limits>

#include <gtest/gtest.h>

namespace watchpost::base {
namespace {

TEST(Bytes, HexIsReadBackAsItWasWritten)
{
    const std::string text{"\x00\x7f\xff", 3};
    EXPECT_EQ(to_hex(as_bytes(text)), "007fff");
    EXPECT_EQ(as_text(parse_hex("007FfF").value()), text);
}

TEST(Bytes, HexWithAnOddDigitOrForeignCharacterIsRefused)
{
    EXPECT_FALSE(parse_hex("0"));
    EXPECT_FALSE(parse_hex("0g"));
    EXPECT_FALSE(parse_hex("00:11"));
}

TEST(Bytes, SliceNeverLeavesTheView)
{
    const auto bytes = as_bytes("abcdef");
    EXPECT_EQ(as_text(slice(bytes, 4, 10)), "ef");
    EXPECT_TRUE(slice(bytes, 6, 1).empty());
    EXPECT_TRUE(slice(bytes, std::numeric_limits<std::size_t>::max(), 1).empty());
}

TEST(Bytes, SumsAndProductsThatDoNotFitAreRefused)
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(checked_add(1, 2), 3U);
    EXPECT_FALSE(checked_add(most, 1));
    EXPECT_EQ(checked_multiply(3, 4), 12U);
    EXPECT_FALSE(checked_multiply(most, 2));
}

TEST(Bytes, DecimalTakesDigitsOnly)
{
    EXPECT_EQ(parse_decimal("0042"), 42U);
    for (const auto* text : {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616"}) {
        EXPECT_FALSE(parse_decimal(text)) << text;
    }
}

TEST(Bytes, SizesReadWell)
{
    EXPECT_EQ(to_readable_bytes(1), "1 byte");
    EXPECT_EQ(to_readable_bytes(1023), "1023 bytes");
    EXPECT_EQ(to_readable_bytes(1536), "1.5 KiB");
    EXPECT_EQ(to_readable_bytes(1ULL << 30U), "1.0 GiB");
}

} // namespace
} // namespace watchpost::base
