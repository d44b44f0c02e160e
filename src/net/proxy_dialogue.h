// The dialogues with a proxy as machines without I/O: octets in, octets out. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/proxy.h"

namespace watchpost::net {

class ProxyDialogue {
public:
    virtual ~ProxyDialogue() = default;
    ProxyDialogue(const ProxyDialogue&) = delete;
    ProxyDialogue& operator=(const ProxyDialogue&) = delete;

    /// What to send first; called once.
    [[nodiscard]] virtual std::string begin() = 0;

    /// Takes octets of the proxy in pieces of any size; returns what to send, often nothing. After
    /// an error, and once is_done(), it must not be fed again.
    [[nodiscard]] base::Result<std::string> feed(std::string_view octets);

    [[nodiscard]] bool is_done() const noexcept { return is_done_; }
    /// What came behind the proxy's last reply: the server's.
    [[nodiscard]] const std::string& rest() const noexcept { return unread_; }

protected:
    ProxyDialogue() = default;

    /// One step with what is unread; false where more has to come first.
    [[nodiscard]] virtual base::Result<bool> step(std::string& to_send) = 0;

    void finish() noexcept { is_done_ = true; }
    [[nodiscard]] std::string& unread() noexcept { return unread_; }

private:
    std::string unread_;
    bool is_done_ = false;
};

/// RFC 9110 §2.3 leaves the limit to us; no proxy needs more for what it has to say.
inline constexpr std::size_t proxy_header_bytes_max = 16'384;

/// `server` has been read by parse_server_name, and what it cannot be is refused here:
/// invalid_argument for a user name or password that the protocol cannot carry.
[[nodiscard]] base::Result<std::unique_ptr<ProxyDialogue>>
make_proxy_dialogue(const ProxySettings& proxy, std::string_view server, std::uint16_t port);

} // namespace watchpost::net
