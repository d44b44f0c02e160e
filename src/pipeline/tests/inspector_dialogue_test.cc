#include "pipeline/inspector_dialogue.h"

#include <gtest/gtest.h>

#include "os/memfd.h"

namespace watchpost::pipeline {
namespace {

using base::ErrorCode;
using protocol::Kind;
using State = InspectorDialogue::State;

ipc::Message message(Kind kind, base::Bytes payload, std::string_view leaf = "\xff")
{
    ipc::Message result{static_cast<std::uint16_t>(kind), std::move(payload), {}};
    if (leaf != "\xff") {
        result.fds.push_back(os::make_sealed_memfd("leaf", base::as_bytes(leaf)).value());
    }
    return result;
}

ipc::Message ready()
{
    return message(Kind::ready, protocol::encode(protocol::Ready{}));
}

ipc::Message report(std::uint64_t number)
{
    return message(Kind::report, protocol::encode_report(number, {}));
}

ipc::Message leaf(std::uint64_t number, std::string_view content)
{
    return message(Kind::leaf, protocol::encode(protocol::Leaf{number, "1", "strict"}), content);
}

InspectorDialogue idle(const InspectorLimits& limits = {})
{
    InspectorDialogue dialogue{limits, InspectorDialogue::Leaves::exported};
    EXPECT_TRUE(dialogue.on_message(ready()));
    EXPECT_EQ(dialogue.state(), State::idle);
    return dialogue;
}

/// Refused, and the dialogue is over.
void expect_violation(InspectorDialogue& dialogue, ipc::Message wrong)
{
    const auto event = dialogue.on_message(std::move(wrong));
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code(), ErrorCode::protocol_violation);
    EXPECT_EQ(dialogue.state(), State::ended);
    EXPECT_FALSE(dialogue.on_message(ready()));
}

TEST(InspectorDialogue, AMessageIsInspectedWithItsLeaves)
{
    auto dialogue = idle();
    const auto number = dialogue.begin();
    const auto first = dialogue.on_message(leaf(number, "content"));
    ASSERT_TRUE(first);
    EXPECT_EQ(std::get<LeafArrived>(*first).path, "1");
    EXPECT_TRUE(std::get<LeafArrived>(*first).file.is_open());
    ASSERT_TRUE(dialogue.on_message(report(number)));
    EXPECT_EQ(dialogue.state(), State::idle);
}

TEST(InspectorDialogue, EveryKindIsRefusedWhereItIsNotItsTurn)
{
    constexpr Kind all[] = {Kind::configure, Kind::inspect, Kind::leaf_taken, Kind::ready,
                            Kind::refused,   Kind::leaf,    Kind::report,     Kind::out_of_memory,
                            Kind{0},         Kind{99}};
    for (const Kind kind : all) {
        SCOPED_TRACE(static_cast<int>(kind));
        if (kind != Kind::ready && kind != Kind::refused) {
            InspectorDialogue starting{{}, InspectorDialogue::Leaves::exported};
            expect_violation(starting, message(kind, {}));
        }
        auto dialogue = idle();
        expect_violation(dialogue, message(kind, {}));
        auto busy = idle();
        static_cast<void>(busy.begin());
        expect_violation(busy, message(kind, {})); // also those of the right kind: empty
    }
}

TEST(InspectorDialogue, AnAnswerToAnotherMessageIsRefused)
{
    for (const std::uint64_t wrong : {0U, 2U, 1'000U}) {
        auto dialogue = idle();
        ASSERT_EQ(dialogue.begin(), 1U);
        expect_violation(dialogue, report(wrong));
        auto other = idle();
        ASSERT_EQ(other.begin(), 1U);
        expect_violation(other, leaf(wrong, "x"));
    }
}

TEST(InspectorDialogue, TheSecondMessageHasAnotherNumber)
{
    auto dialogue = idle();
    const auto first = dialogue.begin();
    ASSERT_TRUE(dialogue.on_message(report(first)));
    ASSERT_NE(dialogue.begin(), first);
    expect_violation(dialogue, report(first));
}

TEST(InspectorDialogue, ADescriptorWhereNoneBelongsIsRefused)
{
    auto dialogue = idle();
    const auto number = dialogue.begin();
    expect_violation(dialogue,
                     message(Kind::report, protocol::encode_report(number, {}), "surprise"));
}

TEST(InspectorDialogue, ALeafThatNobodyWantsIsRefused)
{
    InspectorDialogue dialogue{{}, InspectorDialogue::Leaves::none};
    ASSERT_TRUE(dialogue.on_message(ready()));
    expect_violation(dialogue, leaf(dialogue.begin(), "x"));
}

TEST(InspectorDialogue, ALeafBeyondItsSizeIsRefused)
{
    InspectorLimits limits;
    limits.leaf_bytes_max = 3;
    auto dialogue = idle(limits);
    const auto number = dialogue.begin();
    ASSERT_TRUE(dialogue.on_message(leaf(number, "123")));
    expect_violation(dialogue, leaf(number, "1234"));
}

TEST(InspectorDialogue, MoreLeavesThanTheWindowAreRefused)
{
    auto dialogue = idle();
    const auto number = dialogue.begin();
    for (std::size_t i = 0; i < LeafWindow::leaves_max; ++i) {
        ASSERT_TRUE(dialogue.on_message(leaf(number, "x")));
    }
    dialogue.leaf_taken();
    ASSERT_TRUE(dialogue.on_message(leaf(number, "x")));
    expect_violation(dialogue, leaf(number, "x"));
}

TEST(InspectorDialogue, MoreLeavesThanAMessageMayHaveAreRefused)
{
    InspectorLimits limits;
    limits.leaves_max = 2;
    auto dialogue = idle(limits);
    const auto number = dialogue.begin();
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(dialogue.on_message(leaf(number, "x")));
        dialogue.leaf_taken();
    }
    expect_violation(dialogue, leaf(number, "x"));
}

TEST(InspectorDialogue, OutOfMemoryIsTheEnd)
{
    auto dialogue = idle();
    const protocol::OutOfMemory told{dialogue.begin()};
    const auto event = dialogue.on_message(message(Kind::out_of_memory, protocol::encode(told)));
    ASSERT_TRUE(event);
    EXPECT_TRUE(std::holds_alternative<protocol::OutOfMemory>(*event));
    EXPECT_EQ(dialogue.state(), State::ended);
}

TEST(LeafWindow, ASingleLeafMayBeOfAnySize)
{
    LeafWindow window;
    EXPECT_TRUE(window.has_room(LeafWindow::bytes_max * 10));
    window.add(LeafWindow::bytes_max * 10);
    EXPECT_FALSE(window.has_room(0));
    EXPECT_TRUE(window.take_oldest());
    EXPECT_FALSE(window.take_oldest());
    EXPECT_TRUE(window.has_room(1));
}

TEST(LeafWindow, TogetherLeavesKeepToTheLimit)
{
    LeafWindow window;
    window.add(LeafWindow::bytes_max - 1);
    EXPECT_TRUE(window.has_room(1));
    EXPECT_FALSE(window.has_room(2));
}

} // namespace
} // namespace watchpost::pipeline
