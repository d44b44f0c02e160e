#include "pipeline/inspector_end.h"

#include <gtest/gtest.h>

#include <csignal>

namespace watchpost::pipeline {
namespace {

InspectorEnd by_signal(int number, std::string_view last_words = "")
{
    return end_of_process({true, number}, last_words);
}

TEST(InspectorEnd, EachWayToEndHasItsReason)
{
    EXPECT_EQ(by_signal(SIGSEGV).reason, "inspector_crashed");
    EXPECT_EQ(by_signal(SIGSYS).reason, "inspector_crashed");
    EXPECT_EQ(by_signal(SIGKILL).reason, "inspector_crashed");
    EXPECT_EQ(by_signal(SIGXCPU).reason, "inspector_timed_out");
    EXPECT_EQ(end_of_process({false, 0}, "").reason, "inspector_crashed");
    EXPECT_EQ(by_signal(SIGABRT, "what():  std::bad_alloc").reason, "inspector_out_of_memory");
    EXPECT_EQ(end_by_time().reason, "inspector_timed_out");
    EXPECT_EQ(end_by_memory().reason, "inspector_out_of_memory");
    EXPECT_EQ(end_by_protocol("x").reason, "inspector_crashed");
    EXPECT_EQ(end_unavailable("x").reason, "inspector_unavailable");
}

TEST(InspectorEnd, AForbiddenSystemCallIsNamedAsOne)
{
    EXPECT_NE(by_signal(SIGSYS).detail.find("forbidden"), std::string::npos);
}

TEST(InspectorEnd, LastWordsAreQuotedAndCut)
{
    const auto end = by_signal(SIGABRT, "\x1b]0;title\x07" + std::string(10'000, 'x') + "\n\n");
    EXPECT_NE(end.detail.find("\\x1b]0;title\\x07"), std::string::npos);
    EXPECT_LT(end.detail.size(), 600U);
}

TEST(InspectorEnd, WithoutLastWordsNoneAreToldOf)
{
    EXPECT_EQ(by_signal(SIGSEGV, "\n \n").detail, "signal 11 (Segmentation fault)");
}

} // namespace
} // namespace watchpost::pipeline
