#include <gtest/gtest.h>

#include "app/service/child_process.h"

namespace watchpost::app {
namespace {

using State = os::Measure::State;

TEST(ConfinementWarnings, AreNoneWhereAllIsInForce)
{
    EXPECT_TRUE(confinement_warnings({{"Landlock", State::in_force, "ABI 7"},
                                      {"seccomp", State::in_force, "a deny-list"}})
                    .empty());
}

TEST(ConfinementWarnings, NameEachMeasureThatIsMissingAndWhy)
{
    const auto warnings =
        confinement_warnings({{"Landlock", State::absent, "not in this kernel"},
                              {"seccomp", State::weakened, "of a build for tests"}});
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_NE(warnings[0].find("Landlock is absent (not in this kernel)"), std::string::npos);
    EXPECT_NE(warnings[1].find("seccomp is weakened (of a build for tests)"), std::string::npos);
}

} // namespace
} // namespace watchpost::app
