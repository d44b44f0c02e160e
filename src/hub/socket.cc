#include "hub/socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

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

Result<Peer> who_is(int socket)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return base::fail(base::system_error("ask who connected", errno));
    }
    return Peer{"", credentials.pid, credentials.uid};
}

Result<std::string> role_in(const ipc::Message& message)
{
    const auto request = decode_request(message.payload);
    const auto json = request ? Json::parse(request->json, nullptr, false) : Json{};
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
        ::chmod(path.c_str(), socket_mode) != 0 || ::listen(socket->get(), backlog) != 0) {
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
    if (::connect(socket->get(), generic(*address), sizeof *address) != 0) {
        const auto error = base::system_error("connect to " + diag::quote(path.native()), errno);
        return base::fail(error.code() == ErrorCode::permission_denied
                              ? ErrorCode::permission_denied
                              : ErrorCode::connection_lost,
                          Retry::later, error.message());
    }
    // The channel is only for the first words: frames keep their borders, nothing is read ahead.
    ipc::Channel channel{os::UniqueFd{::fcntl(socket->get(), F_DUPFD_CLOEXEC, 0)}, hello_limits};
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

Result<Peer> welcome(os::UniqueFd& socket, const std::function<Result<void>(const Peer&)>& admit,
                     base::Deadline deadline)
{
    auto peer = who_is(socket.get());
    if (!peer) {
        return peer;
    }
    ipc::Channel channel{os::UniqueFd{::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0)}, hello_limits};
    const auto message = channel.receive(deadline);
    if (!message) {
        return base::fail(message.error());
    }
    auto role = role_in(*message);
    if (!role) {
        return base::fail(std::move(role.error()));
    }
    peer->role = *std::move(role);
    const auto admitted = admit(*peer);
    const auto kind = admitted ? Kind::answer : Kind::failure;
    const auto payload =
        admitted ? encode(Answer{1, "{}"}) : encode(FailedAnswer{1, admitted.error()});
    auto sent = channel.send(static_cast<std::uint16_t>(kind), payload, {}, deadline);
    if (!admitted) {
        return base::fail(admitted.error());
    }
    if (!sent) {
        return base::fail(std::move(sent.error()));
    }
    return peer;
}

} // namespace watchpost::hub
