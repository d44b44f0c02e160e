#include "net/resolver.h"

#include <ares.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <span>

#include "base/assert.h"
#include "diag/quote.h"
#include "net/wait.h"

namespace watchpost::net {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

/// Once one family has answered, the other has this long: there are name servers that drop every
/// AAAA question, and a session must not wait for those until its deadline. RFC 8305 §3 proposes a
/// far shorter pause; we have the time, and want every address that there is.
constexpr std::chrono::seconds second_answer_time_max{1};

struct Answer {
    bool has_come = false;
    int status = ARES_SUCCESS;
    std::vector<std::string> addresses;
};

/// Also called when the channel is destroyed: an Answer outlives its channel.
void on_answer(void* argument, int status, int /*timeouts*/, ares_addrinfo* result)
{
    auto& answer = *static_cast<Answer*>(argument);
    answer.has_come = true;
    answer.status = status;
    const ares_addrinfo_node* node = result != nullptr ? result->nodes : nullptr;
    for (; node != nullptr; node = node->ai_next) {
        if (node->ai_family == AF_INET || node->ai_family == AF_INET6) {
            answer.addresses.push_back(address_to_string(node->ai_addr));
        }
    }
    ares_freeaddrinfo(result);
}

class Channel {
public:
    enum class Source : std::uint8_t { hosts_file, dns };

    [[nodiscard]] static Result<Channel> open(Source source, const std::string& servers);
    ~Channel()
    {
        if (channel_ != nullptr) {
            ares_destroy(channel_);
        }
    }
    Channel(Channel&& other) noexcept : channel_{std::exchange(other.channel_, nullptr)} {}
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    Channel& operator=(Channel&&) = delete;

    /// The answer comes at once or in a later call of any function, the destructor included.
    void ask(const std::string& name, int family, Answer& answer)
    {
        ares_addrinfo_hints hints{};
        hints.ai_flags = ARES_AI_NOSORT; // sorting (RFC 6724) would undo the server's round robin
        hints.ai_family = family;
        hints.ai_socktype = SOCK_STREAM;
        ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, on_answer, &answer);
    }

    /// Waits for the network or for c-ares' own timers and lets it work; at most until `until`.
    [[nodiscard]] Result<void> work(base::Deadline until, const Cancellation& cancellation);

private:
    explicit Channel(ares_channel channel) noexcept : channel_{channel} {}
    ares_channel channel_;
};

base::Failure failed_to_start(int status)
{
    return base::fail(ErrorCode::internal, Retry::later,
                      std::string{"start the resolver: "} + ares_strerror(status));
}

Result<Channel> Channel::open(Source source, const std::string& servers)
{
    static std::once_flag once;
    std::call_once(once, [] { WP_ASSERT(ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS); });

    std::string lookups = source == Source::hosts_file ? "f" : "b";
    ares_options options{};
    options.lookups = lookups.data();
    ares_channel raw = nullptr;
    if (const int status = ares_init_options(&raw, &options, ARES_OPT_LOOKUPS);
        status != ARES_SUCCESS) {
        return failed_to_start(status);
    }
    Channel channel{raw};
    if (!servers.empty()) {
        const int status = ares_set_servers_ports_csv(raw, servers.c_str());
        if (status != ARES_SUCCESS) {
            return failed_to_start(status);
        }
    }
    return channel;
}

base::Deadline earlier(base::Deadline a, const timeval* from_now)
{
    if (from_now == nullptr) {
        return a;
    }
    const auto pause =
        std::chrono::seconds{from_now->tv_sec} + std::chrono::microseconds{from_now->tv_usec};
    return std::min(a, std::chrono::steady_clock::now() + pause);
}

Result<void> Channel::work(base::Deadline until, const Cancellation& cancellation)
{
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto wanted =
        static_cast<unsigned>(ares_getsock(channel_, sockets.data(), ARES_GETSOCK_MAXNUM));
    std::array<pollfd, ARES_GETSOCK_MAXNUM + 1> fds{};
    std::size_t count = 0;
    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
        const bool reads = ((wanted >> i) & 1U) != 0;
        const bool writes = ((wanted >> (i + ARES_GETSOCK_MAXNUM)) & 1U) != 0;
        if (reads || writes) {
            const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
            fds.at(count) = {sockets.at(i), static_cast<short>(events), 0};
            ++count;
        }
    }
    timeval pause{};
    const base::Deadline wake = earlier(until, ares_timeout(channel_, nullptr, &pause));
    auto ready = wait_for_any(std::span{fds}.first(count + 1), wake, cancellation);
    if (!ready && ready.error().code() != ErrorCode::timed_out) {
        return ready;
    }
    for (const pollfd& fd : std::span{fds}.first(count)) {
        const bool broken = (fd.revents & (POLLERR | POLLHUP)) != 0;
        const bool reads = (fd.revents & POLLIN) != 0 || broken;
        const bool writes = (fd.revents & POLLOUT) != 0;
        ares_process_fd(channel_, reads ? fd.fd : ARES_SOCKET_BAD,
                        writes ? fd.fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD); // its timers
    return {};
}

/// a1 b1 a2 b2 … (RFC 8305 §4): a family that leads nowhere cannot use up the addresses that are
/// tried.
std::vector<std::string> deal(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    std::vector<std::string> dealt;
    const auto add = [&](const std::vector<std::string>& from, std::size_t i) {
        if (i < from.size() && std::find(dealt.begin(), dealt.end(), from[i]) == dealt.end()) {
            dealt.push_back(from[i]);
        }
    };
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        add(a, i);
        add(b, i);
    }
    return dealt;
}

std::vector<std::string> ask_hosts_file(const std::string& name)
{
    Answer answer;
    auto channel = Channel::open(Channel::Source::hosts_file, {});
    if (!channel) {
        return {}; // the question to DNS will fail in the same way and say so
    }
    channel->ask(name, AF_UNSPEC, answer);
    std::vector<std::string> v6;
    std::vector<std::string> v4;
    for (auto& address : answer.addresses) {
        (address.find(':') != std::string::npos ? v6 : v4).push_back(std::move(address));
    }
    return deal(v6, v4);
}

base::Failure no_address(const std::string& name, const Answer& v6, const Answer& v4)
{
    const auto is_plain_no = [](int status) {
        return status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_SUCCESS;
    };
    const int status = is_plain_no(v4.status) ? v6.status : v4.status; // a failure says more
    std::string message = "\"" + diag::quote(name) + "\": ";
    if (!is_plain_no(status)) {
        message += ares_strerror(status);
        message += " (see /etc/resolv.conf)";
    } else if (v4.status == ARES_ENOTFOUND) {
        message += "there is no such name";
    } else {
        message += "the name has no IPv4 or IPv6 address";
    }
    return base::fail(ErrorCode::name_not_resolved, Retry::later, std::move(message));
}

Result<std::vector<std::string>> ask_dns(const std::string& name, const std::string& servers,
                                         base::Deadline deadline, const Cancellation& cancellation)
{
    Answer v6;
    Answer v4;
    auto channel = Channel::open(Channel::Source::dns, servers);
    if (!channel) {
        return base::fail(std::move(channel).error());
    }
    channel->ask(name, AF_INET6, v6);
    channel->ask(name, AF_INET, v4);
    base::Deadline until = deadline;
    while (!v6.has_come || !v4.has_come) {
        const bool has_some = !v6.addresses.empty() || !v4.addresses.empty();
        if (has_some && until == deadline) {
            until = std::min(deadline, std::chrono::steady_clock::now() + second_answer_time_max);
        }
        if (auto going_on = check_going_on(until, cancellation); !going_on) {
            if (has_some && going_on.error().code() == ErrorCode::timed_out) {
                break;
            }
            return base::fail(std::move(going_on).error());
        }
        if (auto worked = channel->work(until, cancellation); !worked) {
            return base::fail(std::move(worked).error());
        }
    }
    auto addresses = deal(v6.addresses, v4.addresses);
    if (addresses.empty()) {
        return no_address(name, v6, v4);
    }
    return addresses;
}

} // namespace

Result<std::vector<std::string>> resolve_host_name(const std::string& name,
                                                   const ResolverSettings& settings,
                                                   base::Deadline deadline,
                                                   const Cancellation& cancellation)
{
    if (auto going_on = check_going_on(deadline, cancellation); !going_on) {
        return base::fail(std::move(going_on).error());
    }
    if (settings.use_hosts_file) {
        if (auto addresses = ask_hosts_file(name); !addresses.empty()) {
            return addresses;
        }
    }
    return ask_dns(name, settings.servers, deadline, cancellation);
}

} // namespace watchpost::net
