#include "collector/back_off.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using Delay = BackOff::Delay;

TEST(BackOff, DoublesUpToItsLimitAndStaysInTheUpperHalf)
{
    for (const double chance : {0.0, 0.999}) {
        BackOff back_off{{Delay{1'000}, Delay{8'000}}};
        for (const int span : {1'000, 2'000, 4'000, 8'000, 8'000, 8'000}) {
            const auto delay = back_off.after_failure(chance);
            EXPECT_GE(delay, Delay{span / 2});
            EXPECT_LE(delay, Delay{span});
        }
    }
}

TEST(BackOff, JitterSpreadsTheDelays)
{
    BackOff early{{Delay{1'000}, Delay{8'000}}};
    BackOff late{{Delay{1'000}, Delay{8'000}}};
    EXPECT_EQ(early.after_failure(0.0), Delay{500});
    EXPECT_EQ(late.after_failure(0.5), Delay{750});
}

TEST(BackOff, ASuccessStartsAnew)
{
    BackOff back_off{{Delay{1'000}, Delay{8'000}}};
    static_cast<void>(back_off.after_failure(0));
    static_cast<void>(back_off.after_failure(0));
    back_off.after_success();
    EXPECT_EQ(back_off.failures(), 0U);
    EXPECT_EQ(back_off.after_failure(0), Delay{500});
}

TEST(BackOff, NeverOverflowsHoweverOftenItFails)
{
    BackOff back_off;
    Delay delay{};
    for (int i = 0; i < 1'000; ++i) {
        delay = back_off.after_failure(1.0);
    }
    EXPECT_EQ(delay, BackOff::Limits{}.delay_max);
}

} // namespace
} // namespace watchpost::collector
