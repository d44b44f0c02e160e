// Locks that a killed `watchpost collect` leaves behind: at the mail server, whose session lives on
// since nobody told it, and at the spool.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <future>

#include "collect_fixture.h"
#include "support/relay.h"

namespace watchpost::test {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::minutes time_max{4};

class CollectLocked : public testing::Test {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        DovecotOptions options;
        options.configuration = "pop3_lock_session = yes\nmail_max_lock_timeout = 1 s\n";
        dovecot_ = std::make_unique<Dovecot>(options);
        for (int i = 0; i < 3; ++i) {
            dovecot_->deliver("alice", std::to_string(i), mail(std::to_string(i), 50'000));
        }
    }

    /// Ends a collector in the middle of a message. `before` runs while it is there, `after` while
    /// the server still believes in the session, as behind a network that broke.
    void kill_in_session(const std::function<void(pid_t)>& before,
                         const std::function<void()>& after)
    {
        std::promise<void> is_there;
        std::promise<void> may_end;
        const Relay relay{{.server_port = dovecot_->port(),
                           .instant = Relay::Instant{Relay::Side::server, 60'000},
                           .at_instant = [&] {
                               is_there.set_value();
                               EXPECT_EQ(may_end.get_future().wait_for(time_max),
                                         std::future_status::ready);
                           }}};
        BackgroundProgram program{
            collecting_.words(
                {"--server", "127.0.0.1", "--port", std::to_string(relay.port()), "--tls", "none"}),
            collecting_.folder() / "log"};
        ASSERT_EQ(is_there.get_future().wait_for(time_max), std::future_status::ready)
            << "the collector never came to the message";
        before(program.pid());
        program.send_signal(SIGKILL);
        EXPECT_TRUE(WIFSIGNALED(program.wait()));
        after();
        may_end.set_value();
    }

    Collecting collecting_;
    std::unique_ptr<Dovecot> dovecot_;
};

TEST_F(CollectLocked, TheLockOfAKilledSessionIsToldAndNoRefusedPasswordAndPasses)
{
    const auto nothing = [](pid_t) {};
    kill_in_session(nothing, [&] {
        for (int i = 0; i < 2; ++i) { // were it a refused password, no third log-in would follow
            const auto locked = collecting_.run_clear(dovecot_->port());
            EXPECT_NE(locked.exit_code, 0);
            EXPECT_THAT(locked.err, HasSubstr("IN-USE")) << dovecot_->log();
        }
    });
    const auto after = collecting_.run_clear(dovecot_->port());
    EXPECT_EQ(after.exit_code, 0) << after.err;
    EXPECT_EQ(collecting_.contents().size(), 3U);
}

TEST_F(CollectLocked, WhoHoldsTheSpoolIsNamedUntilItIsKilled)
{
    const auto while_it_runs = [&](pid_t pid) {
        const auto second = collecting_.run_clear(dovecot_->port());
        EXPECT_NE(second.exit_code, 0);
        EXPECT_THAT(second.err, HasSubstr("in use by process " + std::to_string(pid)));
    };
    kill_in_session(while_it_runs, [] {});
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
    EXPECT_EQ(collecting_.contents().size(), 3U);
}

} // namespace
} // namespace watchpost::test
