// Who may be polled now: connections are bounded, in all and for each server, and the log-ins at
// one server keep a distance, so that neither a start, an Apply of many, nor a server that is back
// brings all of its mailboxes at once.
//
// Whoever asks does so in the order of waiting: then nobody is passed over for ever, since a place
// that is taken comes back (docs/scale.md). Owns no clock, thread or random numbers. Not
// thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace watchpost::collector {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The settings of section "collector", with their defaults.
struct PollLimits {
    std::size_t connections_max = 32;               // at once, in all
    std::size_t connections_per_server_max = 8;     // to one name and port
    std::chrono::milliseconds log_in_interval{100}; // of one server, on average
    std::chrono::seconds turn_time_max{30};         // while others wait; see Turn
    std::uint64_t turn_messages_max = 5'000;
    std::size_t known_messages_max = 100'000; // of large mailboxes, in memory at once; see Places
};

/// What is to be expected of a mailbox's next poll.
enum class Standing : std::uint8_t {
    good,    // the last one went well
    untried, // not polled yet since the start or since its settings changed
    doubtful // the last one failed, or held its place far beyond its turn
};

class Places {
public:
    explicit Places(const PollLimits& limits) : limits_{limits} {}

    struct Wish {
        std::string server;
        Standing standing = Standing::untried;
        std::size_t known = 0; // messages in the mailbox's ledger
    };

    enum class Answer : std::uint8_t {
        yes,
        too_soon,    // after the last log-in at that server: at not_before()
        server_full, // until a poll at that server ends
        all_taken,   // until any poll ends
        lane_full,   // until a poll of that standing, or of a worse one, ends
        no_memory    // until the poll of a large mailbox ends
    };

    [[nodiscard]] Answer ask(const Wish& wish, SteadyTime now) const;
    [[nodiscard]] SteadyTime not_before(const std::string& server) const;

    /// ask() has said yes. `chance` in [0, 1) spreads the next log-in at that server.
    void take(const Wish& wish, SteadyTime now, double chance);
    void give_back(const Wish& wish);

    /// Whether the end of the poll that holds that place may let in who got that answer.
    [[nodiscard]] bool would_help(const Wish& holder, const Wish& waiting,
                                  Answer answer) const noexcept;

    /// Its ledger is more than a twentieth of known_messages_max: large ones share that, or one is
    /// polled alone among them. Small ones never wait for memory.
    [[nodiscard]] bool is_large(const Wish& wish) const noexcept
    {
        return wish.known > limits_.known_messages_max / 20;
    }

    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

    /// Silent servers hold a place for long: those that failed last share a quarter, and with those
    /// that nobody has tried yet three quarters, so that the others never wait for them alone.
    [[nodiscard]] std::size_t share_of(Standing standing) const noexcept;

private:
    struct Server {
        std::size_t taken = 0;
        SteadyTime not_before;
    };

    void forget_idle(SteadyTime now);

    const PollLimits limits_;
    std::map<std::string, Server> servers_;
    std::size_t taken_ = 0;
    std::size_t doubtful_ = 0; // of these
    std::size_t untried_ = 0;  // of these
    std::size_t known_ = 0;    // of the large ones
};

} // namespace watchpost::collector
