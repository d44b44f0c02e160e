#include "support/scripted_pop3_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace watchpost::test {

namespace {

/// False where the peer has gone.
bool write_all(int fd, std::string_view octets)
{
    while (!octets.empty()) {
        const auto count = ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        octets.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

} // namespace

ScriptedPop3Server::ScriptedPop3Server(Pop3Script script)
    : script_{std::move(script)}
    , listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    , stop_event_{::eventfd(0, EFD_CLOEXEC)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, generic, &length) != 0) {
        std::perror("scripted POP3 server");
        std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

ScriptedPop3Server::~ScriptedPop3Server()
{
    const std::uint64_t one = 1;
    if (::write(stop_event_, &one, sizeof one) != sizeof one) {
        std::abort();
    }
    thread_.join();
    ::close(listener_);
    ::close(stop_event_);
}

Pop3Script ScriptedPop3Server::script() const
{
    const std::lock_guard held{lock_};
    return script_;
}

void ScriptedPop3Server::change(const std::function<void(Pop3Script&)>& change)
{
    const std::lock_guard held{lock_};
    change(script_);
}

bool ScriptedPop3Server::wait_for(int fd) const
{
    std::array<pollfd, 2> waits{{{fd, POLLIN, 0}, {stop_event_, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    return waits[1].revents == 0;
}

void ScriptedPop3Server::serve()
{
    while (wait_for(listener_)) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        serve_connection(fd);
        ::close(fd);
    }
}

std::string ScriptedPop3Server::greet(std::optional<Pop3Dialogue>& dialogue)
{
    const std::lock_guard held{lock_};
    dialogue.emplace(script_);
    return dialogue->greet();
}

std::string ScriptedPop3Server::answer(Pop3Dialogue& dialogue, std::string_view octets)
{
    const std::lock_guard held{lock_};
    return dialogue.feed(octets);
}

void ScriptedPop3Server::serve_connection(int fd)
{
    std::optional<Pop3Dialogue> dialogue;
    std::string said = greet(dialogue);
    std::array<char, 65536> buffer{};
    while (write_all(fd, said) && !dialogue->has_ended() && wait_for(fd)) {
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count <= 0) {
            return;
        }
        said = answer(*dialogue, {buffer.data(), static_cast<std::size_t>(count)});
    }
}

} // namespace watchpost::test
