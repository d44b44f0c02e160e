#include "hub/wire.h"

#include <gtest/gtest.h>

namespace watchpost::hub {
namespace {

TEST(HubWire, ARequestComesBackAsItWas)
{
    const auto request = decode_request(encode(Request{7, "poll_now", R"({"mailbox":"x"})"}));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->number, 7U);
    EXPECT_EQ(request->method, "poll_now");
    EXPECT_EQ(request->json, R"({"mailbox":"x"})");
}

TEST(HubWire, AnErrorKeepsItsCodeRetryAndSteps)
{
    base::Error error{base::ErrorCode::disk_full, base::Retry::later, "no room"};
    const auto failed =
        decode_failure(encode(FailedAnswer{3, std::move(error).during("write").during("record")}));
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->number, 3U);
    EXPECT_EQ(failed->error.code(), base::ErrorCode::disk_full);
    EXPECT_EQ(failed->error.retry(), base::Retry::later);
    EXPECT_EQ(failed->error.describe(), "record: write: disk_full: no room");
}

TEST(HubWire, AnUnknownErrorCodeIsRefused)
{
    auto payload =
        encode(FailedAnswer{3, base::Error{base::ErrorCode::busy, base::Retry::later, "wait"}});
    payload[8] = std::byte{255};
    EXPECT_FALSE(decode_failure(payload));
}

TEST(HubWire, WhatIsCutOrTooLongIsRefused)
{
    const auto whole = encode(Request{7, "poll_now", "{}"});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(decode_request(base::ByteView{whole}.first(length))) << length;
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(decode_request(longer));
    EXPECT_FALSE(decode_request(encode(Request{7, std::string(method_bytes_max + 1, 'm'), "{}"})));
    EXPECT_FALSE(decode_answer(base::ByteView{whole}.first(9)));
}

} // namespace
} // namespace watchpost::hub
