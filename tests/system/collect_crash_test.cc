// kill -9 at every named point of a real poll that deletes: nothing lost, nothing twice, nothing
// deleted before it was durable.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "collect_fixture.h"
#include "os/crash_point.h"

namespace watchpost::test {
namespace {

constexpr std::size_t message_count = 12;

std::string user_of(std::size_t index)
{
    return "user" + std::to_string(index);
}

std::vector<std::string> fill(const Dovecot& dovecot, const std::string& user)
{
    std::vector<std::string> sent;
    for (std::size_t i = 0; i < message_count; ++i) {
        const auto text = mail(std::to_string(i), i % 4 == 3 ? 400'000 : 2'000);
        dovecot.deliver(user, std::to_string(i), text);
        sent.push_back(with_crlf(text));
    }
    std::sort(sent.begin(), sent.end());
    return sent;
}

/// What is in the spool or still in the maildrop.
std::vector<std::string> anywhere(const Collecting& collecting, const Dovecot& dovecot,
                                  const std::string& user)
{
    auto all = collecting.contents();
    for (const auto& file : dovecot.messages(user)) {
        all.push_back(with_crlf(read_file(file)));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

TEST(CollectCrash, AtEveryNamedPointNothingIsLostTwiceOrDeletedTooEarly)
{
    if (!Dovecot::is_installed()) {
        GTEST_SKIP() << "dovecot-pop3d is not installed";
    }
    DovecotOptions options;
    options.users.clear();
    for (std::size_t i = 0; i < os::crash_points().size(); ++i) {
        options.users.push_back({user_of(i), "secret"});
    }
    const Dovecot dovecot{options};
    std::size_t index = 0;
    std::size_t killed = 0;
    for (const auto& row : os::crash_points()) {
        SCOPED_TRACE(row.name);
        const std::string user = user_of(index++);
        const auto sent = fill(dovecot, user);
        const Collecting collecting;
        ProgramOptions crashing;
        crashing.environment["WATCHPOST_CRASH_POINT"] = row.name;
        const auto crashed = collecting.run_clear(dovecot.port(), {"--delete"}, user, crashing);
        killed += crashed.signal == SIGKILL ? 1 : 0;
        EXPECT_TRUE(crashed.signal == SIGKILL || crashed.exit_code == 0) << crashed.err;
        EXPECT_EQ(anywhere(collecting, dovecot, user), sent);

        const auto resumed = collecting.run_clear(dovecot.port(), {"--delete"}, user);
        EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
        EXPECT_EQ(collecting.contents(), sent);
        EXPECT_TRUE(dovecot.messages(user).empty());
    }
    EXPECT_GE(killed, 10U); // some points need a spool of many segments
}

} // namespace
} // namespace watchpost::test
