#include "os/crash_point.h"

#include <csignal>
#include <cstdlib>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace watchpost::os {
namespace {

void pass_twice(const char* request)
{
    setenv("WATCHPOST_CRASH_POINT", request, 1);
    crash_point(CrashPoint::spool_before_sync);
    crash_point(CrashPoint::spool_before_sync);
    std::_Exit(0);
}

TEST(CrashPoint, EveryPointHasOneRowAndOneName)
{
    std::set<std::string> names;
    std::set<CrashPoint> points;
    for (const CrashPointRow& row : crash_points()) {
        EXPECT_TRUE(names.insert(std::string{row.name}).second) << row.name;
        EXPECT_TRUE(points.insert(row.point).second) << row.name;
    }
}

TEST(CrashPoint, NamedPointEndsTheProcessAsKillDoes)
{
    EXPECT_EXIT(pass_twice("spool.before_sync"), testing::KilledBySignal(SIGKILL), "");
    EXPECT_EXIT(pass_twice("spool.before_sync:2"), testing::KilledBySignal(SIGKILL), "");
}

TEST(CrashPoint, OtherPointsAndOtherPassesDoNothing)
{
    EXPECT_EXIT(pass_twice("spool.after_sync"), testing::ExitedWithCode(0), "");
    EXPECT_EXIT(pass_twice("spool.before_sync:3"), testing::ExitedWithCode(0), "");
    EXPECT_EXIT(pass_twice(""), testing::ExitedWithCode(0), "");
}

TEST(CrashPoint, MisspeltNameIsRefused)
{
    EXPECT_EXIT(pass_twice("spool.before_snc"), testing::ExitedWithCode(2), "names no crash point");
    EXPECT_EXIT(pass_twice("spool.before_sync:0"), testing::ExitedWithCode(2),
                "names no crash point");
}

} // namespace
} // namespace watchpost::os
