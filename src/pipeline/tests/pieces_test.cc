// Messages in pieces: how they are put together, where they wait, and what comes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/joined_report.h"
#include "pipeline/piece_folder.h"
#include "pipeline/piece_plan.h"
#include "pipeline/tests/service_fixture.h"

namespace watchpost::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Join = std::vector<std::size_t>;

TEST(PiecePlan, AllNumbersUpToTheTotalMakeAMessage)
{
    const std::vector<NumberedPiece> pieces{{2, 0, "b"}, {3, 3, "c"}, {1, 0, "a"}};
    EXPECT_THAT(plan_joins(pieces, 2).joins, ElementsAre(Join{2, 0, 1}));
    const auto missing = plan_joins(std::span{pieces}.first(2), 1);
    EXPECT_THAT(missing.joins, IsEmpty());
    EXPECT_EQ(missing.total, 3U);
    EXPECT_EQ(missing.present, 2U);
}

TEST(PiecePlan, PieceThatComesAgainWithOtherContentIsAWayOfItsOwn)
{
    const std::vector<NumberedPiece> pieces{{1, 2, "a"}, {2, 2, "b"}, {2, 2, "other"}};
    EXPECT_THAT(plan_joins(pieces, 2).joins, ElementsAre(Join{0, 2}));
    EXPECT_THAT(plan_joins(pieces, 0).joins, ElementsAre(Join{0, 1}, Join{0, 2}));
    const std::vector<NumberedPiece> equal{{1, 2, "a"}, {2, 2, "b"}, {2, 2, "b"}};
    EXPECT_THAT(plan_joins(equal, 0).joins, ElementsAre(Join{0, 1}));
}

TEST(PiecePlan, EachOfContradictingTotalsIsAWay)
{
    const std::vector<NumberedPiece> pieces{{1, 2, "a"}, {2, 3, "b"}, {3, 3, "c"}};
    EXPECT_THAT(plan_joins(pieces, 0).joins, ElementsAre(Join{0, 1}, Join{0, 1, 2}));
}

TEST(PiecePlan, NumbersThatCannotBeAreNoPiece)
{
    EXPECT_THAT(plan_joins(std::vector<NumberedPiece>{{0, 1, "a"}}, 0).joins, IsEmpty());
    EXPECT_THAT(plan_joins(std::vector<NumberedPiece>{{2, 1, "a"}, {1, 1, "b"}}, 0).joins,
                IsEmpty());
    EXPECT_THAT(plan_joins(std::vector<NumberedPiece>{{1, 100'000'000, "a"}}, 0).joins, IsEmpty());
}

TEST(PiecePlan, WaysAreALimit)
{
    std::vector<NumberedPiece> pieces{{1, 2, "a"}};
    for (int i = 0; i < 100; ++i) {
        pieces.push_back({2, 2, std::to_string(i)});
    }
    const auto plan = plan_joins(pieces, 0);
    EXPECT_EQ(plan.joins.size(), PieceLimits::joins_max);
    EXPECT_TRUE(plan.was_cut);
}

class Pieces : public testing::Test {
protected:
    std::unique_ptr<PieceFolder> open(const PieceFolderLimits& limits = {})
    {
        return PieceFolder::open(folder.path() / "pieces", limits).value();
    }

    static KeptPiece piece(const std::string& id, std::uint64_t number, std::uint64_t bytes)
    {
        inspect::PieceInfo said{id, number, 2, {}};
        said.content[0] = static_cast<std::uint8_t>(number);
        return PieceFolder::describe("mailbox", said, spool::SpoolId::make(), bytes);
    }

    static ContentSource text(const std::string& text)
    {
        return [text](const spool::ByteSink& sink) { return sink(base::as_bytes(text)); };
    }

    watchpost::test::TempDir folder;
};

TEST_F(Pieces, SurviveARestart)
{
    const auto one = piece("a", 1, 3);
    ASSERT_TRUE(open()->keep(one, text("one")));
    const auto again = open();
    const auto set = again->set_of(one.set);
    ASSERT_EQ(set.size(), 1U);
    EXPECT_EQ(set[0].number, 1U);
    EXPECT_EQ(set[0].total, 2U);
    EXPECT_EQ(set[0].id, one.id);
    EXPECT_EQ(base::as_text(again->read(set[0]).value()), "one");
}

TEST_F(Pieces, OfAnotherMailboxOrIdAreAnotherSet)
{
    const inspect::PieceInfo said{"a", 1, 2, {}};
    const auto id = spool::SpoolId::make();
    const auto set = PieceFolder::describe("m", said, id, 1).set;
    EXPECT_NE(set, PieceFolder::describe("n", said, id, 1).set);
    EXPECT_NE(set, PieceFolder::describe("m", {"b", 1, 2, {}}, id, 1).set);
}

TEST_F(Pieces, OldestSetMakesRoomAndIsTold)
{
    const auto pieces = open({.bytes_max = 10, .pieces_max = 2});
    const auto old = piece("old", 1, 3);
    ASSERT_TRUE(pieces->keep(old, text("old")));
    ASSERT_TRUE(pieces->keep(piece("b", 1, 3), text("two")));
    ASSERT_TRUE(pieces->keep(piece("b", 2, 3), text("new")));
    EXPECT_THAT(pieces->set_of(old.set), IsEmpty());
    const auto gone = pieces->take_given_up();
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].id, old.id);
    EXPECT_FALSE(pieces->keep(piece("c", 1, 11), text("too large")));
}

TEST_F(Pieces, SetWithoutNewPiecesExpires)
{
    const auto pieces = open();
    const auto one = piece("a", 1, 3);
    ASSERT_TRUE(pieces->keep(one, text("one")));
    pieces->expire(time_of(one.id) + std::chrono::hours{24 * 13});
    EXPECT_EQ(pieces->set_of(one.set).size(), 1U);
    pieces->expire(time_of(one.id) + std::chrono::hours{24 * 15});
    EXPECT_THAT(pieces->set_of(one.set), IsEmpty());
    EXPECT_EQ(pieces->take_given_up().size(), 1U);
    EXPECT_THAT(open()->set_of(one.set), IsEmpty());
}

TEST_F(ServiceTest, PiecesOfSeveralMessagesAreInspectedTogetherAndNamedInTheAlert)
{
    const auto first = deliver("piece x 1 2 ba");
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    EXPECT_TRUE(control.record_of(first).is_partial);
    EXPECT_FALSE(control.record_of(first).is_detected);
    EXPECT_THAT(control.record_of(first).report_json, HasSubstr("1 of 2 pieces are there"));
    const auto second = deliver("piece x 2 2 d");
    service->work();
    ASSERT_TRUE(control.wait_for_records(2));
    const auto record = control.record_of(second);
    EXPECT_TRUE(record.is_detected);
    EXPECT_FALSE(record.is_partial);
    EXPECT_THAT(record.report_json, HasSubstr("[piece x 1 2 ba][piece x 2 2 d]"));
    EXPECT_THAT(record.report_json, HasSubstr("joined!1"));
    EXPECT_THAT(record.report_json, HasSubstr(first.to_string() + ", " + second.to_string()));
}

TEST_F(ServiceTest, PiecesWaitOverARestart)
{
    deliver("piece x 2 2 d");
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    service.reset();
    start();
    const auto last = deliver("piece x 1 2 ba");
    service->work();
    ASSERT_TRUE(control.wait_for_records(2));
    EXPECT_THAT(control.record_of(last).report_json, HasSubstr("[piece x 1 2 ba][piece x 2 2 d]"));
}

TEST_F(ServiceTest, PieceOfTooManyIsInspectedInPart)
{
    const auto id = deliver("piece x 1 100000 a");
    start();
    ASSERT_TRUE(control.wait_for_records(1));
    EXPECT_THAT(control.record_of(id).report_json, HasSubstr("limit_pieces"));
    EXPECT_TRUE(control.record_of(id).is_partial);
}

} // namespace
} // namespace watchpost::pipeline
