#include "ipc/assembler.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace watchpost::ipc {
namespace {

constexpr std::string_view text = "an answer in pieces";

Frame piece(std::size_t from, std::size_t count, bool has_more)
{
    return Frame{5, has_more, base::as_bytes(text.substr(from, count))};
}

std::vector<os::UniqueFd> descriptors(std::size_t count)
{
    std::vector<os::UniqueFd> fds;
    for (std::size_t i = 0; i < count; ++i) {
        fds.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    return fds;
}

TEST(Assembler, EverySplitGivesTheSameMessage)
{
    for (std::size_t split = 1; split < text.size(); ++split) {
        SCOPED_TRACE(split);
        Assembler assembler{Limits{}};
        const auto first = assembler.feed(piece(0, split, true), {});
        ASSERT_TRUE(first);
        EXPECT_FALSE(*first);
        const auto message = assembler.feed(piece(split, text.size(), false), {});
        ASSERT_TRUE(message);
        ASSERT_TRUE(*message);
        EXPECT_EQ((*message)->kind, 5);
        EXPECT_EQ(base::as_text((*message)->payload), text);
    }
}

TEST(Assembler, OneOctetAFrameGivesTheSameMessage)
{
    Assembler assembler{Limits{}};
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        ASSERT_FALSE(assembler.feed(piece(i, 1, true), {}).value());
    }
    const auto message = assembler.feed(piece(text.size() - 1, 1, false), {}).value();
    ASSERT_TRUE(message);
    EXPECT_EQ(base::as_text(message->payload), text);
}

TEST(Assembler, AnEndBetweenMessagesIsToldFromOneWithin)
{
    Assembler assembler{Limits{}};
    EXPECT_TRUE(assembler.is_between_messages());
    ASSERT_TRUE(assembler.feed(piece(0, 3, true), {}));
    EXPECT_FALSE(assembler.is_between_messages());
    ASSERT_TRUE(assembler.feed(piece(3, 3, false), {}));
    EXPECT_TRUE(assembler.is_between_messages());
}

TEST(Assembler, AMessageMayNotGoOnAsAnotherKind)
{
    Assembler assembler{Limits{}};
    ASSERT_TRUE(assembler.feed(piece(0, 3, true), {}));
    Frame other = piece(3, 3, false);
    other.kind = 6;
    const auto result = assembler.feed(other, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), base::ErrorCode::protocol_violation);
}

TEST(Assembler, TheLimitOfOctetsIsForTheWholeMessage)
{
    Assembler assembler{Limits{10, 0}};
    ASSERT_TRUE(assembler.feed(piece(0, 6, true), {}));
    const auto result = assembler.feed(piece(6, 5, true), {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), base::ErrorCode::limit_exceeded);
}

TEST(Assembler, TheLimitOfOctetsIsTheLastThatPasses)
{
    Assembler assembler{Limits{10, 0}};
    ASSERT_TRUE(assembler.feed(piece(0, 6, true), {}));
    EXPECT_TRUE(assembler.feed(piece(6, 4, false), {}));
}

TEST(Assembler, TheLimitOfDescriptorsIsForTheWholeMessage)
{
    Assembler assembler{Limits{100, 2}};
    ASSERT_TRUE(assembler.feed(piece(0, 3, true), descriptors(1)));
    ASSERT_TRUE(assembler.feed(piece(0, 3, true), descriptors(1)));
    const auto result = assembler.feed(piece(0, 3, false), descriptors(1));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), base::ErrorCode::limit_exceeded);
}

} // namespace
} // namespace watchpost::ipc
