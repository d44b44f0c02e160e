// One message that always fails, over loopback with a spool on disk: the table "Set aside" of
// docs/mailbox.md, row by row, and the way from the first failure to "Try again".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/stuck_messages.h"
#include "quirk_bench.h"

namespace watchpost::test {
namespace {

using collector::StuckMessage;
using collector::StuckMessages;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::unique_ptr<spool::Spool> open_spool(const QuirkBench& bench)
{
    return spool::Spool::open(std::filesystem::path{bench.folder / "spool"}).value();
}

std::vector<StuckMessage> blamed(const QuirkBench& bench)
{
    return StuckMessages{*open_spool(bench), "box"}.blamed();
}

void try_again(const QuirkBench& bench)
{
    ASSERT_TRUE(StuckMessages(*open_spool(bench), "box").start_anew({}).has_value());
}

/// Polls until a message is set aside, or for four days.
collector::PollReport poll_until_set_aside(QuirkBench& bench)
{
    auto report = bench.poll();
    for (int polls = 0; polls < 100 && report.set_aside == 0; ++polls) {
        bench.now += hours{1};
        report = bench.poll();
    }
    return report;
}

/// How a server fails to give out its second message of four.
struct Poison {
    const char* name;
    const char* reply; // JSON
    const char* reason;
};

void PrintTo(const Poison& poison, std::ostream* out)
{
    *out << poison.name;
}

class PoisonRow : public testing::TestWithParam<Poison> {
protected:
    static std::string script()
    {
        return std::string{R"({"messages": 4, "capabilities": ["UIDL"], "replies": {"RETR 2": )"} +
               GetParam().reply + "}}";
    }
};

TEST_P(PoisonRow, NeverHoldsUpWhatIsBehindIt)
{
    QuirkBench bench{script()};
    bench.limits.reply_time_max = std::chrono::milliseconds{150};
    static_cast<void>(bench.poll());
    static_cast<void>(bench.poll()); // at the latest: the first may have ended at the message
    EXPECT_THAT(bench.contents(), SizeIs(3));
    bench.server.change([](Pop3Script& script) {
        script.messages.push_back({"u-new", "Subject: new\r\n", {}, {}});
    });
    EXPECT_EQ(bench.poll().collected, 1U);
}

TEST_P(PoisonRow, IsTriedAfterGrowingPausesSetAsideAndTriedAgain)
{
    QuirkBench bench{script()};
    bench.limits.reply_time_max = std::chrono::milliseconds{150};
    const auto began = bench.now;
    const auto report = poll_until_set_aside(bench);
    EXPECT_EQ(report.set_aside, 1U);
    EXPECT_GE(bench.now - began, hours{7});
    const auto stuck = blamed(bench);
    ASSERT_THAT(stuck, SizeIs(1));
    EXPECT_TRUE(stuck[0].is_set_aside());
    EXPECT_EQ(stuck[0].attempts, StuckMessages::attempts_max);
    EXPECT_THAT(stuck[0].reason, HasSubstr(GetParam().reason));
    const auto asked = bench.server.script().count_of("RETR 2");
    bench.now += hours{24};
    EXPECT_EQ(bench.poll().left, 1U);
    EXPECT_EQ(bench.server.script().count_of("RETR 2"), asked); // no more

    bench.server.change([](Pop3Script& script) { script.replies.clear(); });
    try_again(bench);
    EXPECT_EQ(bench.poll().collected, 1U);
    EXPECT_THAT(blamed(bench), IsEmpty());
    EXPECT_THAT(bench.contents(), SizeIs(4));
}

INSTANTIATE_TEST_SUITE_P(
    Each, PoisonRow,
    testing::Values(
        Poison{"TheLinkBreaksAtIt", R"(["+OK\r\nSubject: h", {"do": "cut"}])", "while waiting for"},
        Poison{"TheServerRefusesIt", R"("-ERR its \u001b[1mblock is damaged\r\n")",
               R"(its \x1b[1mblock is damaged)"},
        Poison{"ItsReplyIsALineWithoutEnd", R"([{"repeat": ["-ERR words ", 2000]}, "\r\n"])",
               "line"},
        Poison{"TheServerStallsAtIt", R"(["+OK\r\nSubject: h", {"do": "await_client"}])",
               "while waiting for"}),
    [](const auto& row) { return std::string{row.param.name}; });

// "the link broke at it in two polls, and another link works without it": yes
TEST(SetAsideCounts, ABreakInTwoPollsWhereAnotherLinkWorks)
{
    QuirkBench bench{R"({"messages": 3, "capabilities": ["UIDL"], "cuts": {"RETR 2": 12}})"};
    static_cast<void>(bench.poll());
    EXPECT_THAT(blamed(bench), IsEmpty());
    const auto second = bench.poll();
    EXPECT_FALSE(second.error) << error_of(second);
    ASSERT_THAT(blamed(bench), SizeIs(1));
    EXPECT_GE(blamed(bench)[0].attempts, 1U);
}

// "the link broke at it, and the server cannot be reached": no
TEST(SetAsideCounts, NotABreakWhereTheServerCannotBeReached)
{
    QuirkBench bench{R"({"messages": 3, "capabilities": ["UIDL"], "cuts": {"RETR 2": 12}})"};
    static_cast<void>(bench.poll());
    bench.server.change([](Pop3Script& script) { script.greeting = {{{Step::Kind::cut, ""}}}; });
    for (int polls = 0; polls < 5; ++polls) {
        bench.now += hours{7};
        EXPECT_TRUE(bench.poll().error);
    }
    EXPECT_THAT(blamed(bench), IsEmpty());
}

// "several messages break the link, and none is given out": no, the poll fails
TEST(SetAsideCounts, NotWhereEveryMessageBreaksTheLink)
{
    QuirkBench bench{R"({"messages": 4, "capabilities": ["UIDL"], "cuts": {"RETR": 12}})"};
    for (int polls = 0; polls < 8; ++polls) {
        EXPECT_TRUE(bench.poll().error);
        bench.now += hours{7};
    }
    EXPECT_THAT(blamed(bench), IsEmpty());
}

// "the server refuses it, and gives out others": yes
TEST(SetAsideCounts, ARefusalWhereOthersAreGivenOut)
{
    QuirkBench bench{R"({"messages": 3, "replies": {"RETR 2": "-ERR no\r\n"}})"};
    EXPECT_EQ(bench.poll().refused, 1U);
    ASSERT_THAT(blamed(bench), SizeIs(1));
    EXPECT_TRUE(blamed(bench)[0].next_at() == std::nullopt); // at the next poll
}

// "the server refuses several, and gives out none": no
TEST(SetAsideCounts, NotWhereTheServerRefusesAll)
{
    QuirkBench bench{R"({"messages": 3, "replies": {"RETR": "-ERR no storage\r\n"}})"};
    for (int polls = 0; polls < 8; ++polls) {
        EXPECT_EQ(bench.poll().refused, 3U);
        bench.now += hours{7};
    }
    EXPECT_THAT(blamed(bench), IsEmpty());
}

// "it has no UID of its own": it is only fetched last
TEST(SetAsideCounts, NotWhatHasNoUidOfItsOwn)
{
    QuirkBench bench{R"({"messages": [{"uid": "same", "content": "Subject: a\r\n"},
        {"uid": "same", "content": "Subject: bb\r\n"}, {"uid": "own", "content": "Subject: c\r\n"}],
        "capabilities": ["UIDL"], "replies": {"RETR 1": "-ERR no\r\n"}})"};
    for (int polls = 0; polls < 8; ++polls) {
        static_cast<void>(bench.poll());
        bench.now += hours{7};
    }
    EXPECT_EQ(bench.server.script().count_of("RETR 1"), 8U); // asked for at every poll
    EXPECT_THAT(bench.contents(), SizeIs(2));
    EXPECT_EQ(bench.poll().set_aside, 0U);
    EXPECT_THAT(blamed(bench), IsEmpty());
}

} // namespace
} // namespace watchpost::test
