// A TCP port of 127.0.0.2 that neither takes nor refuses a connection: its backlog is full, so that
// the kernel drops every SYN, as a firewall would.
#pragma once

#include <cstdint>

namespace watchpost::net::test {

class SilentPort {
public:
    static constexpr const char* address = "127.0.0.2";

    explicit SilentPort(std::uint16_t port = 0); // 0: a free one
    ~SilentPort();
    SilentPort(const SilentPort&) = delete;
    SilentPort& operator=(const SilentPort&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    int listener_;
    int only_one_; // takes up the backlog
    std::uint16_t port_ = 0;
};

} // namespace watchpost::net::test
