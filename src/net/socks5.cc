#include "net/socks5.h"

#include <netinet/in.h>

#include <array>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "diag/quote.h"

namespace watchpost::net {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr char version = 5;
constexpr char login_version = 1; // RFC 1929 §2
constexpr std::size_t field_bytes_max = 255;

enum Method : unsigned char { no_login = 0, by_password = 2, none_acceptable = 0xFF };
enum AddressKind : unsigned char { v4 = 1, host_name = 3, v6 = 4 };

unsigned octet(std::string_view octets, std::size_t at)
{
    return static_cast<unsigned char>(octets[at]);
}

base::Failure refused(std::string message)
{
    return base::fail(ErrorCode::refused_by_server, Retry::later, std::move(message));
}

base::Failure is_no_socks5(std::string_view octets)
{
    return base::fail(ErrorCode::protocol_violation, Retry::later,
                      "the answer \"" + diag::quote(octets, 80) +
                          "\" is not SOCKS5; check the proxy's port, and whether it is an HTTP "
                          "proxy (http://)");
}

/// RFC 1928 §6, with what to do about it.
std::string explain(unsigned reply)
{
    static constexpr std::array<std::string_view, 9> texts{
        "",
        "general failure; see the proxy's log",
        "not allowed by its rules; have the mail server and its port allowed there",
        "network unreachable from the proxy",
        "host unreachable from the proxy; can it resolve the server's name?",
        "the mail server refused the proxy's connection; check server name and port",
        "the mail server did not answer the proxy in time",
        "it does not know the command CONNECT; another proxy is needed",
        "it does not take this kind of address; give the mail server by name or by IPv4 address"};
    return "the proxy refuses: reply " + std::to_string(reply) +
           (reply < texts.size() ? ", " + std::string{texts.at(reply)} : "");
}

class Socks5 final : public ProxyDialogue {
public:
    Socks5(std::string user, std::string password, std::string request)
        : user_{std::move(user)}
        , password_{std::move(password)}
        , request_{std::move(request)}
    {
    }

    std::string begin() override
    {
        // RFC 1928 §3. A proxy that needs no log-in may choose that, though we have one.
        std::string greeting{version, '\x01', static_cast<char>(no_login)};
        if (!user_.empty()) {
            greeting[1] = '\x02';
            greeting += static_cast<char>(by_password);
        }
        return greeting;
    }

private:
    enum class State : std::uint8_t { method, login, reply };

    Result<bool> step(std::string& to_send) override
    {
        switch (state_) {
        case State::method:
            return take_method(to_send);
        case State::login:
            return take_login(to_send);
        case State::reply:
            return take_reply();
        }
        WP_UNREACHABLE("SOCKS5 fed after its end");
    }

    Result<bool> take_method(std::string& to_send)
    {
        if (!unread().empty() && unread().front() != version) {
            return is_no_socks5(unread());
        }
        if (unread().size() < 2) {
            return false;
        }
        const unsigned method = octet(unread(), 1);
        unread().erase(0, 2);
        if (method == no_login) {
            to_send += request_;
            state_ = State::reply;
            return true;
        }
        if (method == by_password && !user_.empty()) {
            to_send += login();
            state_ = State::login;
            return true;
        }
        if (method == none_acceptable || method == by_password) {
            return refused(user_.empty() ? "the proxy demands a log-in, and none is set"
                                         : "the proxy takes no log-in by user name and password");
        }
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the proxy chose method " + std::to_string(method) +
                              ", which was not offered");
    }

    [[nodiscard]] std::string login() const
    {
        return std::string{login_version} + static_cast<char>(user_.size()) + user_ +
               static_cast<char>(password_.size()) + password_;
    }

    Result<bool> take_login(std::string& to_send)
    {
        if (unread().size() < 2) {
            return false;
        }
        const unsigned outcome = octet(unread(), 1);
        if (unread().front() != login_version) {
            return is_no_socks5(unread());
        }
        unread().erase(0, 2);
        if (outcome != 0) {
            return refused("the proxy refuses the log-in (status " + std::to_string(outcome) +
                           "); check the proxy's user name and password");
        }
        to_send += request_;
        state_ = State::reply;
        return true;
    }

    /// A refusal is read at its second octet: some proxies send no more of it.
    Result<bool> take_reply()
    {
        const std::string_view reply = unread();
        if (!reply.empty() && reply.front() != version) {
            return is_no_socks5(reply);
        }
        if (reply.size() >= 2 && octet(reply, 1) != 0) {
            return refused(explain(octet(reply, 1)));
        }
        if (reply.size() < 5) {
            return false;
        }
        std::size_t address_bytes = 0;
        switch (octet(reply, 3)) {
        case v4:
            address_bytes = 4;
            break;
        case v6:
            address_bytes = 16;
            break;
        case host_name:
            address_bytes = 1 + octet(reply, 4);
            break;
        default:
            return is_no_socks5(reply);
        }
        const std::size_t reply_bytes = 4 + address_bytes + 2;
        if (reply.size() < reply_bytes) {
            return false;
        }
        unread().erase(0, reply_bytes);
        finish();
        return true;
    }

    State state_ = State::method;
    std::string user_;
    std::string password_;
    std::string request_;
};

/// RFC 1928 §4, §5.
std::string address_field(const ServerName& server)
{
    const auto address = parse_address(server.text, 1);
    if (!address) {
        return std::string{static_cast<char>(host_name), static_cast<char>(server.text.size())} +
               server.text;
    }
    if (address->family() == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, address->get(), sizeof in);
        std::string field(1 + sizeof in.sin_addr, static_cast<char>(v4));
        std::memcpy(field.data() + 1, &in.sin_addr, sizeof in.sin_addr);
        return field;
    }
    sockaddr_in6 in{};
    std::memcpy(&in, address->get(), sizeof in);
    std::string field(1 + sizeof in.sin6_addr, static_cast<char>(v6));
    std::memcpy(field.data() + 1, &in.sin6_addr, sizeof in.sin6_addr);
    return field;
}

} // namespace

Result<std::unique_ptr<ProxyDialogue>> make_socks5(const ProxySettings& proxy,
                                                   const ServerName& server, std::uint16_t port)
{
    if (server.text.size() > field_bytes_max || proxy.user.size() > field_bytes_max ||
        proxy.password.size() > field_bytes_max) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "SOCKS5 carries names and passwords of at most 255 octets");
    }
    if (!proxy.user.empty() && proxy.password.empty()) { // RFC 1929 §2: from 1 to 255
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "the proxy's user name has no password, which SOCKS5 needs");
    }
    std::string request{version, '\x01', '\0'}; // CONNECT
    request += address_field(server);
    request += static_cast<char>(port >> 8U);
    request += static_cast<char>(port & 0xFFU);
    return std::make_unique<Socks5>(proxy.user, proxy.password, std::move(request));
}

} // namespace watchpost::net
