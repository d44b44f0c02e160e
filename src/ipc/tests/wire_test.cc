#include "ipc/wire.h"

#include <gtest/gtest.h>

namespace watchpost::ipc {
namespace {

base::Bytes sample()
{
    WireWriter writer;
    writer.put_u8(0xFE);
    writer.put_u16(0xFEDC);
    writer.put_u32(0xFEDCBA98);
    writer.put_u64(0xFEDCBA9876543210U);
    writer.put_text(std::string_view{"a\0b", 3});
    return writer.take();
}

bool reads_sample(base::ByteView bytes)
{
    WireReader reader{bytes};
    const bool is_equal = reader.u8() == 0xFE && reader.u16() == 0xFEDC &&
                          reader.u32() == 0xFEDCBA98 && reader.u64() == 0xFEDCBA9876543210U &&
                          reader.text(3) == std::string_view{"a\0b", 3};
    return is_equal && reader.finish().has_value();
}

TEST(Wire, WhatWasWrittenIsRead)
{
    EXPECT_TRUE(reads_sample(sample()));
}

TEST(Wire, StopsCleanlyAtEveryOffset)
{
    const auto bytes = sample();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        SCOPED_TRACE(length);
        EXPECT_FALSE(reads_sample(base::ByteView{bytes}.first(length)));
    }
}

TEST(Wire, OctetsLeftOverAreRefused)
{
    auto bytes = sample();
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(reads_sample(bytes));
}

TEST(Wire, AfterABadReadEverythingIsZeroAndEmpty)
{
    const auto bytes = base::as_bytes("\x01\x02\x03");
    WireReader reader{bytes};
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_EQ(reader.u8(), 0U); // though three octets stand there
    EXPECT_EQ(reader.text(10), "");
    EXPECT_FALSE(reader.is_good());
}

TEST(Wire, ATextLongerThanAllowedIsRefused)
{
    WireWriter writer;
    writer.put_text("four");
    const auto bytes = writer.take();
    WireReader reader{bytes};
    EXPECT_EQ(reader.text(3), "");
    EXPECT_FALSE(reader.finish());
}

TEST(Wire, ATextThatLiesAboutItsLengthTakesNoMemory)
{
    WireWriter writer;
    writer.put_u32(0xFFFFFFFF);
    const auto bytes = writer.take();
    WireReader reader{bytes};
    EXPECT_EQ(reader.text(std::size_t{1} << 32U), "");
    EXPECT_FALSE(reader.finish());
}

TEST(Wire, ACountAboveItsLimitIsRefused)
{
    WireWriter writer;
    writer.put_u32(11);
    const auto bytes = writer.take();
    WireReader reader{bytes};
    EXPECT_EQ(reader.count(10), 0U);
    EXPECT_FALSE(reader.finish());
}

} // namespace
} // namespace watchpost::ipc
