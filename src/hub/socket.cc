#include "hub/socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_depth.h"
#include "diag/quote.h"
#include "hub/wire.h"
#include "ipc/channel.h"

namespace watchpost::hub {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using Json = nlohmann::json;

constexpr std::string_view hello = "hello";
constexpr ipc::Limits hello_limits{.message_bytes_max = 4096, .fds_max = 0};
constexpr mode_t socket_mode = 0660; // its group: the users of our own processes
constexpr int backlog = 32;

Result<sockaddr_un> address_of(const std::filesystem::path& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& text = path.native();
    if (text.size() >= sizeof address.sun_path) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "the path of the socket " + diag::quote(text) + " is longer than " +
                              std::to_string(sizeof address.sun_path - 1) +
                              " octets: choose a shorter state folder");
    }
    std::memcpy(address.sun_path, text.data(), text.size());
    return address;
}

const sockaddr* generic(const sockaddr_un& address)
{
    return reinterpret_cast<const sockaddr*>(&address);
}

Result<os::UniqueFd> make_socket()
{
    os::UniqueFd socket{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
    if (!socket.is_open()) {
        return base::fail(base::system_error("make a unix socket", errno));
    }
    return socket;
}

/// With a deadline, since a listener whose queue is full lets us wait.
Result<void> connect_to(int socket, const sockaddr_un& address, base::Deadline deadline)
{
    const int left = std::max(base::milliseconds_until(deadline), 1); // 0 would be no limit
    const timeval time{.tv_sec = left / 1'000, .tv_usec = suseconds_t{left % 1'000} * 1'000};
    if (::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time) != 0) {
        return base::fail(base::system_error("limit the time to connect", errno));
    }
    if (::connect(socket, generic(address), sizeof address) == 0) {
        return {};
    }
    const auto error = base::system_error(
        "connect to " + diag::quote(static_cast<const char*>(address.sun_path)), errno);
    if (errno == EAGAIN) {
        return base::fail(ErrorCode::timed_out, Retry::later, error.message());
    }
    return base::fail(error.code() == ErrorCode::permission_denied ? ErrorCode::permission_denied
                                                                   : ErrorCode::connection_lost,
                      Retry::later, error.message());
}

/// For the first words alone: frames keep their borders, nothing is read ahead.
ipc::Channel channel_on(int socket)
{
    return {os::UniqueFd{::fcntl(socket, F_DUPFD_CLOEXEC, 0)}, hello_limits};
}

Result<std::string> role_in(const ipc::Message& message)
{
    const auto request = decode_request(message.payload);
    const bool is_flat = request && !base::is_nested_deeper_than(request->json, 1);
    const auto json = is_flat ? Json::parse(request->json, nullptr, false) : Json{};
    if (message.kind != static_cast<std::uint16_t>(Kind::call) || !request ||
        request->method != hello || !json.is_object() || !json.contains("role") ||
        !json["role"].is_string()) {
        return base::fail(ErrorCode::protocol_violation, Retry::never, "a link begins with hello");
    }
    return json["role"].get<std::string>();
}

Result<void> understand(const ipc::Message& message)
{
    if (message.kind == static_cast<std::uint16_t>(Kind::answer)) {
        return {};
    }
    auto refusal = decode_failure(message.payload);
    return refusal ? base::fail(std::move(refusal->error)) : base::fail(refusal.error());
}

} // namespace

Result<os::UniqueFd> listen_at(const std::filesystem::path& path)
{
    const auto address = address_of(path);
    if (!address) {
        return base::fail(address.error());
    }
    auto socket = make_socket();
    if (!socket) {
        return socket;
    }
    std::error_code ignored; // bind tells
    std::filesystem::remove(path, ignored);
    if (::bind(socket->get(), generic(*address), sizeof *address) != 0 ||
        ::chmod(path.c_str(), socket_mode) != 0 || ::listen(socket->get(), backlog) != 0 ||
        ::fcntl(socket->get(), F_SETFL, O_NONBLOCK) != 0) {
        return base::fail(base::system_error("listen at " + diag::quote(path.native()), errno));
    }
    return socket;
}

Result<os::UniqueFd> connect_as(const std::filesystem::path& path, std::string_view role,
                                base::Deadline deadline)
{
    const auto address = address_of(path);
    if (!address) {
        return base::fail(address.error());
    }
    auto socket = make_socket();
    if (!socket) {
        return socket;
    }
    if (auto connected = connect_to(socket->get(), *address, deadline); !connected) {
        return base::fail(std::move(connected.error()));
    }
    auto channel = channel_on(socket->get());
    const auto request = encode(Request{1, std::string{hello}, Json{{"role", role}}.dump()});
    if (auto sent = channel.send(static_cast<std::uint16_t>(Kind::call), request, {}, deadline);
        !sent) {
        return base::fail(std::move(sent.error()));
    }
    const auto answer = channel.receive(deadline);
    if (!answer) {
        return base::fail(answer.error());
    }
    if (auto understood = understand(*answer); !understood) {
        return base::fail(std::move(understood.error()));
    }
    return socket;
}

Result<Peer> who_is(int socket)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return base::fail(base::system_error("ask who connected", errno));
    }
    return Peer{"", credentials.pid, credentials.uid, false};
}

Result<Peer> welcome(int socket, Peer peer, const std::function<Result<void>(const Peer&)>& admit)
{
    const auto at_once = std::chrono::steady_clock::now();
    auto channel = channel_on(socket);
    const auto message = channel.receive(at_once);
    if (!message) {
        return base::fail(message.error());
    }
    auto role = role_in(*message);
    if (!role) {
        return base::fail(std::move(role.error()));
    }
    peer.role = *std::move(role);
    const auto admitted = admit(peer);
    const auto kind = admitted ? Kind::answer : Kind::failure;
    const auto payload =
        admitted ? encode(Answer{1, "{}"}) : encode(FailedAnswer{1, admitted.error()});
    auto sent = channel.send(static_cast<std::uint16_t>(kind), payload, {}, at_once);
    if (!admitted) {
        return base::fail(admitted.error());
    }
    if (!sent) {
        return base::fail(std::move(sent.error()));
    }
    return peer;
}

} // namespace watchpost::hub
