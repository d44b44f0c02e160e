#include "app/service/collector_setup.h"

#include <gtest/gtest.h>

namespace watchpost::app {
namespace {

// The settings repeat the defaults of modules that stand in higher layers.
TEST(CollectorSetup, TheDefaultSettingsAreTheDefaultsOfTheCollector)
{
    const auto limits = to_poll_limits(config::Settings{});
    const collector::PollLimits defaults;
    EXPECT_EQ(limits.connections_max, defaults.connections_max);
    EXPECT_EQ(limits.connections_per_server_max, defaults.connections_per_server_max);
    EXPECT_EQ(limits.log_in_interval, defaults.log_in_interval);
    EXPECT_EQ(limits.turn_time_max, defaults.turn_time_max);
    EXPECT_EQ(limits.turn_messages_max, defaults.turn_messages_max);
    EXPECT_EQ(limits.known_messages_max, defaults.known_messages_max);
}

TEST(CollectorSetup, TheServicesSpoolHasALimitAndTheReserveOfEverySpool)
{
    const auto options = to_spool_options(config::Settings{});
    EXPECT_EQ(options.bytes_max, std::uint64_t{20} << 30U);
    EXPECT_EQ(options.free_bytes_min, spool::SpoolOptions{}.free_bytes_min);
}

TEST(CollectorSetup, NoLimitIsNoneAndATinyOneIsRaised)
{
    config::Settings settings;
    settings.spool.bytes_max = 0;
    EXPECT_EQ(to_spool_options(settings).bytes_max, 0U);
    settings.spool.bytes_max = 1;
    EXPECT_EQ(to_spool_options(settings).bytes_max, std::uint64_t{16} << 20U);
}

} // namespace
} // namespace watchpost::app
