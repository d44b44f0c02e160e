// A TCP proxy on loopback that adds a round-trip time: what a server across a country looks like to
// its client.
//
//   delay_proxy PORT MILLISECONDS
//
// Prints the port that it listens on and passes every connection on to PORT of 127.0.0.1; each
// octet arrives half of MILLISECONDS late, in either direction, however many are under way (the
// bandwidth is not limited). Runs until it is ended by a signal.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "os/unique_fd.h"

using watchpost::os::UniqueFd;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece_octets = std::size_t{64} << 10U;
constexpr std::size_t pieces_max = 1'024; // under way in one direction

[[noreturn]] void give_up(const char* what)
{
    std::perror(what);
    std::exit(2);
}

/// What is under way in one direction. An empty piece is the end.
class Line {
public:
    void put(std::string piece, Clock::time_point due)
    {
        std::unique_lock guard{lock_};
        changed_.wait(guard, [&] { return pieces_.size() < pieces_max; });
        pieces_.emplace_back(due, std::move(piece));
        changed_.notify_all();
    }

    std::string take()
    {
        std::unique_lock guard{lock_};
        changed_.wait(guard, [&] { return !pieces_.empty(); });
        const auto due = pieces_.front().first;
        guard.unlock();
        std::this_thread::sleep_until(due); // the delay itself
        guard.lock();
        auto piece = std::move(pieces_.front().second);
        pieces_.pop_front();
        changed_.notify_all();
        return piece;
    }

private:
    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<std::pair<Clock::time_point, std::string>> pieces_;
};

void read_into(Line& line, int from, std::chrono::microseconds delay)
{
    std::string buffer(piece_octets, '\0');
    while (true) {
        const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
        const auto piece = buffer.substr(0, got > 0 ? static_cast<std::size_t>(got) : 0);
        line.put(piece, Clock::now() + delay);
        if (piece.empty()) {
            return;
        }
    }
}

void write_from(Line& line, int to)
{
    bool is_broken = false;
    while (true) {
        const auto piece = line.take();
        if (piece.empty()) {
            ::shutdown(to, SHUT_WR);
            return;
        }
        for (std::size_t sent = 0; sent < piece.size() && !is_broken;) {
            const ssize_t one = ::send(to, piece.data() + sent, piece.size() - sent, MSG_NOSIGNAL);
            is_broken = one < 0;
            sent += one > 0 ? static_cast<std::size_t>(one) : 0;
        }
    }
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void pass_on(UniqueFd client, std::uint16_t port, std::chrono::microseconds delay)
{
    const UniqueFd server{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto address = loopback(port);
    if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        std::perror("delay_proxy: connect");
        return;
    }
    const int yes = 1;
    ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(server.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Line up;
    Line down;
    std::array threads{std::thread{[&] { read_into(up, client.get(), delay); }},
                       std::thread{[&] { write_from(up, server.get()); }},
                       std::thread{[&] { read_into(down, server.get(), delay); }},
                       std::thread{[&] { write_from(down, client.get()); }}};
    for (auto& thread : threads) {
        thread.join();
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: delay_proxy PORT MILLISECONDS\n", stderr);
        return 2;
    }
    const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
    const std::chrono::microseconds delay{std::stoi(argv[2]) * 500};
    const UniqueFd listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto address = loopback(0);
    socklen_t length = sizeof address;
    if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.get(), SOMAXCONN) != 0 ||
        ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        give_up("delay_proxy: listen");
    }
    std::printf("%u\n", ntohs(address.sin_port));
    std::fflush(stdout);
    while (true) {
        UniqueFd client{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (!client.is_open()) {
            give_up("delay_proxy: accept");
        }
        std::thread{[client = std::move(client), port, delay]() mutable {
            pass_on(std::move(client), port, delay);
        }}.detach();
    }
}
