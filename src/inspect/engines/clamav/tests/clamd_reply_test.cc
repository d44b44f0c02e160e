#include "inspect/engines/clamav/clamd_reply.h"

#include <gtest/gtest.h>

namespace watchpost::inspect::clamav {
namespace {

using namespace std::string_view_literals;

TEST(ClamdReply, ASessionReplyIsANumberAndAText)
{
    const auto reply = parse_session_reply("12: fd[10]: OK");
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->number, 12U);
    EXPECT_EQ(reply->text, "fd[10]: OK");
}

TEST(ClamdReply, ATextWithoutANumberIsNoSessionReply)
{
    EXPECT_FALSE(parse_session_reply(""));
    EXPECT_FALSE(parse_session_reply("UNKNOWN COMMAND"));
    EXPECT_FALSE(parse_session_reply("fd[10]: OK"));
    EXPECT_FALSE(parse_session_reply("-1: fd[10]: OK"));
    EXPECT_FALSE(parse_session_reply("99999999999999999999999: OK"));
    EXPECT_FALSE(parse_session_reply(": OK"));
}

TEST(ClamdReply, FoundGivesTheSignatureAsItIsNamed)
{
    const ScanReply reply = parse_scan_reply("fd[10]: Win.Test.EICAR_HDB-1 FOUND");
    EXPECT_EQ(reply.outcome, ScanOutcome::found);
    EXPECT_EQ(reply.text, "Win.Test.EICAR_HDB-1");
}

TEST(ClamdReply, ASignatureNamedLikeAReplyIsStillFound)
{
    EXPECT_EQ(parse_scan_reply("fd[10]: OK FOUND").outcome, ScanOutcome::found);
    EXPECT_EQ(parse_scan_reply("fd[10]: x ERROR FOUND").outcome, ScanOutcome::found);
}

TEST(ClamdReply, OnlyTheExactWordIsClean)
{
    EXPECT_EQ(parse_scan_reply("fd[10]: OK").outcome, ScanOutcome::clean);
    for (const auto text :
         {"OK"sv, "fd[10]: OK "sv, "fd[10]: ok"sv, "fd[]: OK"sv, "fd[x]: OK"sv, "fd[10] OK"sv,
          "fd[10]: "sv, "fd[10]:OK"sv, "fd[10]: FOUND"sv, "fd[10]:  FOUND"sv, ""sv, "fd["sv,
          "fd[10]: OK\nfd[10]: x FOUND"sv, "fd[10]: \x1b[2K FOUND"sv}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_scan_reply(text).outcome, ScanOutcome::malformed);
    }
}

TEST(ClamdReply, ALimitOfClamdIsNeitherCleanNorMalware)
{
    EXPECT_EQ(parse_scan_reply("fd[10]: Heuristics.Limits.Exceeded.MaxFileSize FOUND").outcome,
              ScanOutcome::limit_reached);
    EXPECT_EQ(parse_scan_reply("INSTREAM size limit exceeded. ERROR").outcome,
              ScanOutcome::limit_reached);
}

TEST(ClamdReply, AnErrorKeepsClamdsWords)
{
    const ScanReply reply = parse_scan_reply("fd[10]: Can't allocate memory ERROR");
    EXPECT_EQ(reply.outcome, ScanOutcome::failed);
    EXPECT_EQ(reply.text, "Can't allocate memory");
    EXPECT_EQ(parse_scan_reply("No file descriptor received. ERROR").outcome, ScanOutcome::failed);
}

TEST(ClamdReply, NoReplyThatWasCutAtAnyOffsetIsClean)
{
    constexpr auto whole = "fd[10]: Eicar.OK FOUND"sv;
    for (std::size_t end = 0; end < whole.size(); ++end) {
        SCOPED_TRACE(end);
        const auto outcome = parse_scan_reply(whole.substr(0, end)).outcome;
        EXPECT_EQ(outcome, ScanOutcome::malformed);
    }
}

} // namespace
} // namespace watchpost::inspect::clamav
