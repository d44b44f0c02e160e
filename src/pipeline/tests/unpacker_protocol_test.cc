#include "pipeline/unpacker_protocol.h"

#include <gtest/gtest.h>

#include <functional>

namespace watchpost::pipeline::protocol {
namespace {

using Wanted = unpack::ProgramRequest::Wanted;
using State = unpack::ProgramOutcome::State;

struct Case {
    const char* name;
    base::Bytes payload;
    std::function<bool(base::ByteView)> is_taken;
};

std::vector<Case> cases()
{
    return {{"open", encode(OpenOrder{"7z", Wanted::encrypted, 5, 6, 7, {"a", ""}}),
             [](auto bytes) { return decode_open(bytes).has_value(); }},
            {"member", encode(MemberFound{"name", 1, "damage"}),
             [](auto bytes) { return decode_member(bytes).has_value(); }},
            {"closed", encode(unpack::ProgramOutcome{State::damaged, "why", 3}),
             [](auto bytes) { return decode_closed(bytes).has_value(); }}};
}

TEST(UnpackerProtocol, EveryMessageIsTakenWholeAndStopsCleanlyAtEveryOffset)
{
    for (const Case& each : cases()) {
        EXPECT_TRUE(each.is_taken(each.payload)) << each.name;
        for (std::size_t length = 0; length < each.payload.size(); ++length) {
            EXPECT_FALSE(each.is_taken(base::ByteView{each.payload}.first(length)))
                << each.name << ' ' << length;
        }
        auto longer = each.payload;
        longer.push_back({});
        EXPECT_FALSE(each.is_taken(longer)) << each.name;
    }
}

TEST(UnpackerProtocol, AnOrderComesBackAsItWasSent)
{
    const auto order = decode_open(cases().front().payload);
    ASSERT_TRUE(order);
    EXPECT_EQ(order->format, "7z");
    EXPECT_EQ(order->wanted, Wanted::encrypted);
    EXPECT_EQ(order->time_ms, 5U);
    EXPECT_EQ(order->member_bytes_max, 6U);
    EXPECT_EQ(order->members_max, 7U);
    EXPECT_EQ(order->passwords, (std::vector<std::string>{"a", ""}));
}

TEST(UnpackerProtocol, AStateThatThereIsNotIsRefused)
{
    auto payload = encode(unpack::ProgramOutcome{State::too_many, "", 0});
    payload.front() = std::byte{200};
    EXPECT_FALSE(decode_closed(payload));
}

TEST(UnpackerProtocol, ANameThatIsNoUtf8IsMended)
{
    const auto member = decode_member(encode(MemberFound{"a\xFF", 0, ""}));
    ASSERT_TRUE(member);
    EXPECT_EQ(member->name, "a\xEF\xBF\xBD");
}

} // namespace
} // namespace watchpost::pipeline::protocol
