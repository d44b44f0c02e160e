#include "scripted_peer.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace watchpost::inspect::clamav::test {

PeerConnection::~PeerConnection()
{
    ::close(fd_);
}

std::string PeerConnection::read_through(std::string_view end) const
{
    std::string text;
    std::array<char, 256> buffer{};
    while (!text.ends_with(end)) {
        const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

void PeerConnection::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void PeerConnection::wait_for_close() const
{
    std::array<char, 256> buffer{};
    while (::recv(fd_, buffer.data(), buffer.size(), 0) > 0) {
    }
}

ScriptedPeer::ScriptedPeer(std::vector<Script> scripts) : socket_{folder_ / "peer.sock"}
{
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.native().copy(address.sun_path, sizeof address.sun_path - 1);
    if (listener_ < 0 ||
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 8) != 0) {
        std::perror("scripted peer");
        std::abort();
    }
    thread_ = std::thread{[this, scripts = std::move(scripts)] {
        for (const Script& script : scripts) {
            const int fd = ::accept(listener_, nullptr, nullptr);
            if (fd < 0) {
                return;
            }
            PeerConnection connection{fd};
            script(connection);
        }
    }};
}

ScriptedPeer::~ScriptedPeer()
{
    ::shutdown(listener_, SHUT_RDWR); // wakes an accept nobody answers
    thread_.join();
    ::close(listener_);
}

} // namespace watchpost::inspect::clamav::test
