#include "pop3_server/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "pop3_server/connection.h"

namespace watchpost::test {

namespace {

constexpr std::chrono::milliseconds pause_time{10};
constexpr std::chrono::minutes patience{1};

bool can_be_read(int fd, int stop_fd)
{
    std::array<pollfd, 2> waits{{{fd, POLLIN, 0}, {stop_fd, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    return waits[1].revents == 0;
}

} // namespace

ScriptedPop3Server::ScriptedPop3Server(Pop3Script script, int port, Observer observer)
    : script_{std::move(script)}
    , observer_{std::move(observer)}
    , listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    , stop_event_{::eventfd(0, EFD_CLOEXEC)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 64) != 0 ||
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
    for (auto& connection : connections_) {
        connection.join();
    }
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

bool ScriptedPop3Server::wait_for_command(std::string_view command) const
{
    std::unique_lock held{lock_};
    return heard_.wait_for(held, patience, [&] { return script_.has_seen(command); });
}

void ScriptedPop3Server::tell(unsigned connection, const std::string& what)
{
    if (observer_) {
        const std::lock_guard held{lock_};
        observer_(std::to_string(connection) + " " + what);
    }
}

void ScriptedPop3Server::serve()
{
    while (can_be_read(listener_, stop_event_)) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) {
            connections_.emplace_back([this, fd] { serve_connection(fd); });
        }
    }
}

std::vector<Step> ScriptedPop3Server::hear(Pop3Dialogue& dialogue, std::string_view octets)
{
    const std::lock_guard held{lock_};
    const auto heard_before = script_.commands.size();
    auto steps = dialogue.feed(octets);
    for (auto at = heard_before; observer_ && at < script_.commands.size(); ++at) {
        observer_(std::to_string(dialogue.connection()) + " < " + script_.commands[at]);
    }
    heard_.notify_all();
    return steps;
}

void ScriptedPop3Server::serve_connection(int fd)
{
    ServerConnection connection{fd, stop_event_};
    std::unique_lock held{lock_};
    Pop3Dialogue dialogue{script_};
    const bool is_implicit = script_.tls == ServerTls::implicit;
    held.unlock();
    tell(dialogue.connection(), "connected");
    if (!is_implicit || start_tls(connection, dialogue)) {
        held.lock();
        auto steps = dialogue.greet();
        held.unlock();
        while (act(connection, dialogue, steps)) {
            const auto octets = connection.read();
            if (octets.empty()) {
                break;
            }
            steps = hear(dialogue, octets);
        }
    }
    held.lock();
    dialogue.on_end();
    held.unlock();
    tell(dialogue.connection(), "ended");
}

bool ScriptedPop3Server::start_tls(ServerConnection& connection, Pop3Dialogue& dialogue)
{
    std::unique_lock held{lock_};
    const auto certificate = script_.certificate;
    const auto key = script_.key;
    held.unlock();
    if (!connection.start_tls(certificate, key)) {
        tell(dialogue.connection(), "tls failed");
        return false;
    }
    dialogue.on_tls(connection.binding());
    tell(dialogue.connection(), "tls");
    return true;
}

/// False: the connection is over.
bool ScriptedPop3Server::act(ServerConnection& connection, Pop3Dialogue& dialogue,
                             const std::vector<Step>& steps)
{
    for (const auto& step : steps) {
        switch (step.kind) {
        case Step::Kind::say:
            if (!connection.write(step.octets)) {
                return false;
            }
            break;
        case Step::Kind::await_client:
            if (!connection.wait()) {
                return false;
            }
            break;
        case Step::Kind::pause:
            connection.pause(pause_time);
            break;
        case Step::Kind::start_tls:
            if (!start_tls(connection, dialogue)) {
                return false;
            }
            break;
        case Step::Kind::close:
            connection.close();
            return false;
        case Step::Kind::cut:
            connection.cut();
            return false;
        case Step::Kind::reset:
            connection.reset();
            return false;
        case Step::Kind::usual: // the dialogue has put it into steps
            break;
        }
    }
    return true;
}

} // namespace watchpost::test
