#include "collector/places.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using Answer = Places::Answer;
using std::chrono::milliseconds;

constexpr SteadyTime start{std::chrono::hours{1}};

PollLimits limits(std::size_t in_all, std::size_t per_server)
{
    return {.connections_max = in_all,
            .connections_per_server_max = per_server,
            .log_in_interval = milliseconds{0}};
}

/// As many as there are places for, each at a server of its own.
std::size_t fill(Places& places, Standing standing, const std::string& name)
{
    std::size_t count = 0;
    while (places.ask({name + std::to_string(count), standing}, start) == Answer::yes) {
        places.take({name + std::to_string(count), standing}, start, 0.5);
        ++count;
    }
    return count;
}

TEST(Places, ConnectionsToOneServerAreBounded)
{
    Places places{limits(10, 2)};
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(places.ask({"a", Standing::good}, start), Answer::yes);
        places.take({"a", Standing::good}, start, 0.5);
    }
    EXPECT_EQ(places.ask({"a", Standing::good}, start), Answer::server_full);
    EXPECT_EQ(places.ask({"b", Standing::good}, start), Answer::yes);
    places.give_back({"a", Standing::good});
    EXPECT_EQ(places.ask({"a", Standing::good}, start), Answer::yes);
}

TEST(Places, ConnectionsInAllAreBounded)
{
    Places places{limits(10, 2)};
    EXPECT_EQ(fill(places, Standing::good, "good"), 10U);
    EXPECT_EQ(places.taken(), 10U);
    EXPECT_EQ(places.ask({"another", Standing::good}, start), Answer::all_taken);
}

TEST(Places, ThoseThatFailedLastShareAQuarter)
{
    Places places{limits(32, 8)};
    EXPECT_EQ(fill(places, Standing::doubtful, "dead"), 8U);
    EXPECT_EQ(places.ask({"another", Standing::doubtful}, start), Answer::lane_full);
    EXPECT_EQ(fill(places, Standing::untried, "new"), 16U); // with them three quarters
    EXPECT_EQ(fill(places, Standing::good, "good"), 8U);
    EXPECT_EQ(places.taken(), 32U);
}

TEST(Places, AFullLaneIsHelpedByWhoStandsInIt)
{
    Places places{limits(8, 8)};
    places.take({"dead", Standing::doubtful}, start, 0.5); // one of two
    const auto helps = [&places](Standing holder, Standing waiting) {
        return places.would_help({"a", holder}, {"b", waiting}, Answer::lane_full);
    };
    EXPECT_FALSE(helps(Standing::good, Standing::untried));
    EXPECT_TRUE(helps(Standing::untried, Standing::untried));
    EXPECT_TRUE(helps(Standing::doubtful, Standing::untried));
    EXPECT_TRUE(helps(Standing::untried, Standing::doubtful));
    places.take({"dead", Standing::doubtful}, start, 0.5);
    EXPECT_FALSE(helps(Standing::untried, Standing::doubtful)); // their own quarter is full
    EXPECT_TRUE(helps(Standing::doubtful, Standing::doubtful));
}

TEST(Places, OnePlaceIsEverybodys)
{
    for (const auto standing : {Standing::good, Standing::untried, Standing::doubtful}) {
        Places places{limits(1, 1)};
        EXPECT_EQ(fill(places, standing, "server"), 1U);
    }
}

TEST(Places, LogInsAtOneServerKeepADistance)
{
    for (const auto& [chance, distance] : {std::pair{0.0, 50}, {0.5, 100}, {1.0, 150}}) {
        Places places{PollLimits{.log_in_interval = milliseconds{100}}};
        places.take({"a", Standing::good}, start, chance);
        EXPECT_EQ(places.not_before("a"), start + milliseconds{distance});
        const auto before = start + milliseconds{distance - 1};
        EXPECT_EQ(places.ask({"a", Standing::good}, before), Answer::too_soon);
        EXPECT_EQ(places.ask({"b", Standing::good}, before), Answer::yes);
        EXPECT_EQ(places.ask({"a", Standing::good}, places.not_before("a")), Answer::yes);
    }
}

TEST(Places, TheDistanceHoldsAfterThePollHasEnded)
{
    Places places{PollLimits{.log_in_interval = milliseconds{100}}};
    places.take({"a", Standing::good}, start, 0.5);
    places.give_back({"a", Standing::good});
    EXPECT_EQ(places.ask({"a", Standing::good}, start), Answer::too_soon);
}

TEST(Places, LargeLedgersShareTheMemoryAndSmallOnesDoNotWaitForIt)
{
    auto with_memory = limits(10, 10);
    with_memory.known_messages_max = 1'000;
    Places places{with_memory};
    const Places::Wish large{"a", Standing::good, 600};
    places.take(large, start, 0.5);
    EXPECT_EQ(places.ask({"b", Standing::good, 401}, start), Answer::no_memory);
    EXPECT_EQ(places.ask({"b", Standing::good, 400}, start), Answer::yes);
    EXPECT_EQ(places.ask({"b", Standing::good, 50}, start), Answer::yes);
    places.give_back(large);
    EXPECT_EQ(places.ask({"b", Standing::good, 1'000'000}, start), Answer::yes); // alone
}

} // namespace
} // namespace watchpost::collector
