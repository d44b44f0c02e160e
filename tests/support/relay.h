// A relay between a client and a POP3 server of 127.0.0.1 that counts the octets of both, hides
// PIPELINING where it is told to, and calls out at a chosen octet.
//
// One connection after the other. At the chosen instant it has passed on exactly so many octets of
// that side; then it calls `at_instant`, lets go of the client, once, and reads the server to its
// end, so that the server is done with the session when the relay is destroyed. Its functions are
// thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace watchpost::test {

class Relay {
public:
    enum class Side : std::uint8_t { client, server };

    /// When so many octets of that side have been passed on, over all connections.
    struct Instant {
        Side side = Side::server;
        std::uint64_t octets = 0;
    };

    enum class End : std::uint8_t {
        finish, // FIN: what was passed on still arrives
        reset   // RST: it may be lost
    };

    struct Options {
        int server_port = 0;
        bool hides_pipelining = false; // CAPA then names something unknown in its place
        std::optional<Instant> instant = {};
        std::function<void()> at_instant = {}; // called from the relay's own thread
        End end = End::finish;                 // of the client's connection, then
    };

    explicit Relay(Options options);
    ~Relay(); // waits for the server to close what is open
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::uint64_t octets_of(Side side) const noexcept
    {
        return side == Side::client ? client_octets_ : server_octets_;
    }
    /// Did the client ever send several commands at once?
    [[nodiscard]] bool has_asked_ahead() const noexcept { return has_asked_ahead_; }

private:
    enum class Pass : std::uint8_t { goes_on, ended, instant };

    void serve();
    void relay_connection(int client);
    void end_at_instant(int client);
    [[nodiscard]] Pass pass_on(Side side, int from, int to);
    [[nodiscard]] std::optional<std::uint64_t> octets_left(Side side) const;
    void note(Side side, const std::string& octets);

    Options options_;
    int listener_ = -1;
    int stop_event_ = -1;
    int port_ = 0;
    std::atomic<std::uint64_t> client_octets_ = 0;
    std::atomic<std::uint64_t> server_octets_ = 0;
    std::atomic<bool> has_asked_ahead_ = false;
    std::thread thread_;
};

} // namespace watchpost::test
