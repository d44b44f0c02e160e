// kill -9 of `watchpost collect` at random instants under load: a relay between it and a real
// Dovecot ends it when the n-th octet of either side has passed. Then it is run again: 0 lost, 0
// twice, 0 deleted before they were in the spool.
//
// The instants follow from a seed, which is printed; WATCHPOST_TEST_SEED sets another. The named
// points are in crash_matrix_test.cc, the power losses in tests/pop3_servers/power_loss_test.cc.
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>

#include "collect_fixture.h"
#include "sanitized.h"
#include "support/relay.h"

namespace watchpost::test {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t instants = is_sanitized ? 10 : 50; // in each of the four ways

/// More than a batch: what comes at its end is durable while the rest is under way. One message
/// gets a file of its own.
const Texts& load()
{
    static const Texts all = [] {
        Texts texts;
        for (std::size_t i = 0; i < 48; ++i) {
            const std::size_t octets = i == 0 ? 300'000 : (i % 2 == 0 ? 240'000 : 2'000);
            texts.push_back(mail(std::to_string(i), octets));
        }
        return texts;
    }();
    return all;
}

Texts as_sent()
{
    Texts all;
    for (const auto& text : load()) {
        all.push_back(with_crlf(text));
    }
    std::ranges::sort(all);
    return all;
}

std::uint64_t seed()
{
    const char* const set = std::getenv("WATCHPOST_TEST_SEED"); // NOLINT(concurrency-mt-unsafe)
    return set != nullptr ? std::stoull(set) : 20'261'125;
}

std::string user_of(std::size_t index)
{
    return "user" + std::to_string(index);
}

DovecotOptions one_mailbox_an_instant()
{
    DovecotOptions options;
    options.users.clear();
    for (std::size_t i = 0; i <= instants; ++i) {
        options.users.push_back({user_of(i), "secret"});
    }
    return options;
}

struct Way {
    std::string_view name;
    bool deletes = false;
    bool pipelines = false;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Way& way, std::ostream* out)
{
    *out << way.name;
}

class CollectCrash : public testing::TestWithParam<Way> {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        dovecot_ = std::make_unique<Dovecot>(one_mailbox_an_instant());
    }

    static Texts options() { return GetParam().deletes ? Texts{"--delete"} : Texts{}; }

    void fill(const std::string& user) const
    {
        for (std::size_t i = 0; i < load().size(); ++i) {
            dovecot_->deliver(user, std::to_string(i), load()[i]);
        }
    }

    [[nodiscard]] Texts in_mailbox(const std::string& user) const
    {
        Texts all;
        for (const auto& file : dovecot_->messages(user)) {
            all.push_back(with_crlf(read_file(file)));
        }
        std::ranges::sort(all);
        return all;
    }

    void empty_mailbox(const std::string& user) const // for the sake of the disk
    {
        for (const auto& file : dovecot_->messages(user)) {
            std::filesystem::remove(file);
        }
    }

    [[nodiscard]] Relay::Options relay_options() const
    {
        return {dovecot_->port(), !GetParam().pipelines, {}, {}};
    }

    /// The octets of a whole session, and proof that the relay leads it the way that is meant.
    void measure()
    {
        const std::string user = user_of(instants);
        fill(user);
        const Collecting collecting;
        const Relay relay{relay_options()};
        EXPECT_EQ(collecting.run_clear(relay.port(), options(), user).exit_code, 0);
        EXPECT_EQ(collecting.contents(), as_sent());
        EXPECT_EQ(relay.has_asked_ahead(), GetParam().pipelines);
        client_octets_ = relay.octets_of(Relay::Side::client);
        server_octets_ = relay.octets_of(Relay::Side::server);
        empty_mailbox(user);
    }

    /// As often among the commands as among the replies: most octets are those of bodies.
    Relay::Instant draw()
    {
        const auto side = random_() % 2 == 0 ? Relay::Side::client : Relay::Side::server;
        const auto octets = side == Relay::Side::client ? client_octets_ : server_octets_;
        return {side, 1 + random_() % octets};
    }

    /// True where it was really ended by the signal.
    bool crash(const Collecting& collecting, const std::string& user, Relay::Instant instant)
    {
        std::promise<pid_t> pid;
        auto options = relay_options();
        options.instant = instant;
        options.at_instant = [&] { ::kill(pid.get_future().get(), SIGKILL); };
        const Relay relay{options};
        auto words = this->options();
        words.insert(words.begin(), {"--server", "127.0.0.1", "--port",
                                     std::to_string(relay.port()), "--tls", "none"});
        BackgroundProgram program{collecting.words(words, user), collecting.folder() / "log"};
        pid.set_value(program.pid());
        const int status = program.wait();
        EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
            << read_file(collecting.folder() / "log");
        return WIFSIGNALED(status);
    }

    void resume(const Collecting& collecting, const std::string& user)
    {
        const Relay relay{relay_options()};
        const auto resumed = collecting.run_clear(relay.port(), options(), user);
        EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
        EXPECT_EQ(collecting.contents() == as_sent(), true) << "lost or twice";
        EXPECT_EQ(dovecot_->messages(user).size(), GetParam().deletes ? 0 : load().size());
    }

    std::unique_ptr<Dovecot> dovecot_;
    std::mt19937_64 random_{seed()};
    std::uint64_t client_octets_ = 0;
    std::uint64_t server_octets_ = 0;
};

TEST_P(CollectCrash, AtRandomInstantsUnderLoadNothingIsLostTwiceOrDeletedTooEarly)
{
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed()));
    measure();
    std::size_t killed = 0;
    std::size_t in_the_midst = 0; // something was durable, not yet everything
    for (std::size_t i = 0; i < instants && !HasFailure(); ++i) {
        const auto user = user_of(i);
        const auto instant = draw();
        SCOPED_TRACE("instant " + std::to_string(i) + ": octet " + std::to_string(instant.octets) +
                     (instant.side == Relay::Side::client ? " of the client" : " of the server"));
        fill(user);
        const Collecting collecting;
        killed += crash(collecting, user, instant) ? 1 : 0;
        const auto ours =
            std::filesystem::exists(collecting.spool()) ? collecting.contents() : Texts{};
        EXPECT_EQ(std::ranges::adjacent_find(ours), ours.end()) << "twice";
        const auto theirs = in_mailbox(user);
        Texts all;
        std::ranges::set_union(ours, theirs, std::back_inserter(all));
        EXPECT_EQ(all == as_sent(), true) << "lost, or deleted before it was in the spool";
        in_the_midst += !ours.empty() && ours.size() < load().size() ? 1 : 0;
        resume(collecting, user);
        empty_mailbox(user);
    }
    std::printf("%zu killed, %zu of them between two commits\n", killed, in_the_midst);
    EXPECT_GE(killed, instants * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(EveryWay, CollectCrash,
                         testing::Values(Way{"leave_serial", false, false},
                                         Way{"leave_pipelined", false, true},
                                         Way{"delete_serial", true, false},
                                         Way{"delete_pipelined", true, true}),
                         [](const auto& way) { return std::string{way.param.name}; });

} // namespace
} // namespace watchpost::test
