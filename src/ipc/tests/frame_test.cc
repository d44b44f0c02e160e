#include "ipc/frame.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace watchpost::ipc {
namespace {

base::Bytes frame_of(std::uint16_t kind, bool has_more, std::string_view payload)
{
    const auto head = encode_header(Frame{kind, has_more, base::as_bytes(payload)});
    base::Bytes datagram(head.size() + payload.size());
    std::ranges::copy(head, datagram.begin());
    std::ranges::copy(base::as_bytes(payload), datagram.begin() + head.size());
    return datagram;
}

TEST(Frame, WhatWasEncodedIsDecoded)
{
    const auto datagram = frame_of(0x1234, true, "payload");
    const auto frame = decode_frame(datagram);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->kind, 0x1234);
    EXPECT_TRUE(frame->has_more);
    EXPECT_EQ(base::as_text(frame->payload), "payload");
}

TEST(Frame, AFrameCutAtAnyOffsetIsRefused)
{
    const auto datagram = frame_of(7, false, "some octets");
    for (std::size_t length = 0; length < datagram.size(); ++length) {
        SCOPED_TRACE(length);
        EXPECT_FALSE(decode_frame(base::ByteView{datagram}.first(length)));
    }
}

TEST(Frame, AnOctetTooManyIsRefused)
{
    auto datagram = frame_of(7, false, "some octets");
    datagram.push_back(std::byte{0});
    EXPECT_FALSE(decode_frame(datagram));
}

TEST(Frame, EveryOctetOfTheHeaderButTheKindIsChecked)
{
    for (const std::size_t offset : {0U, 1U, 2U, 3U, 6U, 7U, 8U, 9U, 10U, 11U}) {
        SCOPED_TRACE(offset);
        auto datagram = frame_of(7, false, "some octets");
        datagram[offset] ^= std::byte{0x80};
        EXPECT_FALSE(decode_frame(datagram));
    }
}

TEST(Frame, AnEmptyFrameThatAnnouncesMoreIsRefused)
{
    auto datagram = frame_of(7, false, "");
    ASSERT_TRUE(decode_frame(datagram));
    datagram[3] = std::byte{1};
    EXPECT_FALSE(decode_frame(datagram));
}

TEST(Frame, TheLargestPayloadPassesAndOneOctetMoreDoesNot)
{
    auto datagram = frame_of(7, false, std::string(frame_payload_bytes_max, 'x'));
    EXPECT_TRUE(decode_frame(datagram));
    datagram.push_back(std::byte{'x'});
    datagram[8] = std::byte{1}; // 65,537
    EXPECT_FALSE(decode_frame(datagram));
}

} // namespace
} // namespace watchpost::ipc
