#include "net/connect_any.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <vector>

#include "base/assert.h"
#include "diag/quote.h"
#include "net/attempt_schedule.h"
#include "net/file_descriptor.h"
#include "net/server_name.h"
#include "net/tcp_stream.h"
#include "net/wait.h"

namespace watchpost::net {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

using Clock = std::chrono::steady_clock;

/// POP3 commands are short and each is waited for: Nagle's algorithm would only add its pause.
void send_without_delay(int fd) noexcept
{
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// One connection being made.
struct Attempt {
    std::size_t number;
    FileDescriptor fd;
    base::Deadline deadline;
};

class Race {
public:
    Race(std::span<const std::string> addresses, std::uint16_t port, const ConnectLimits& limits,
         const Cancellation& cancellation, const AttemptObserver& observer)
        : addresses_{addresses}
        , port_{port}
        , limits_{limits}
        , cancellation_{cancellation}
        , observer_{observer}
        , schedule_{addresses.size(), limits.attempt_delay}
    {
    }

    [[nodiscard]] Result<std::unique_ptr<Stream>> run();
    [[nodiscard]] const std::string& reasons() const noexcept { return reasons_; }

private:
    [[nodiscard]] Result<std::optional<FileDescriptor>> begin(std::size_t number);
    [[nodiscard]] Result<void> wait();
    void fail(std::size_t number, std::string_view reason);
    void drop_late();
    [[nodiscard]] std::unique_ptr<Stream> win(std::size_t number, FileDescriptor fd);
    [[nodiscard]] bool take_ready();

    std::span<const std::string> addresses_;
    std::uint16_t port_;
    const ConnectLimits& limits_;
    const Cancellation& cancellation_;
    const AttemptObserver& observer_;
    AttemptSchedule schedule_;
    std::vector<Attempt> under_way_; // in the order of their beginning
    std::vector<pollfd> polled_;     // of them, and one for the cancellation
    std::string reasons_;
    std::unique_ptr<Stream> winner_;
};

/// Until one connects (the stream), all have failed (null), or the search is ended (an error).
Result<std::unique_ptr<Stream>> Race::run()
{
    while (true) {
        while (const auto number = schedule_.begin(Clock::now())) {
            if (cancellation_.is_cancelled()) {
                break; // wait() says so
            }
            auto begun = begin(*number);
            if (!begun) {
                return base::fail(std::move(begun).error());
            }
            if (*begun) {
                return win(*number, *std::move(*begun));
            }
        }
        if (under_way_.empty() && !schedule_.next() && !cancellation_.is_cancelled()) {
            return nullptr;
        }
        if (auto waited = wait(); !waited) {
            return base::fail(std::move(waited).error());
        }
        if (take_ready()) {
            return std::move(winner_);
        }
        drop_late();
    }
}

/// The socket where it is connected at once.
Result<std::optional<FileDescriptor>> Race::begin(std::size_t number)
{
    const auto target = parse_address(addresses_[number], port_);
    if (!target || port_ == 0) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "\"" + diag::quote(addresses_[number]) + "\" port " +
                              std::to_string(port_) +
                              " is not an IP address and a port from 1 to 65535");
    }
    FileDescriptor fd{::socket(target->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd.is_open()) { // without IPv6 in the kernel: EAFNOSUPPORT
        fail(number, std::generic_category().message(errno));
        return std::nullopt;
    }
    send_without_delay(fd.get());
    if (::connect(fd.get(), target->get(), target->length) == 0) {
        return fd;
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        fail(number, std::generic_category().message(errno));
        return std::nullopt;
    }
    under_way_.push_back({number, std::move(fd), Clock::now() + limits_.address_time_max});
    return std::nullopt;
}

void Race::fail(std::size_t number, std::string_view reason)
{
    schedule_.note_failure(number);
    observer_(addresses_[number], AttemptEnd::failed, reason);
    reasons_ += (reasons_.empty() ? "" : "; ") + to_host_and_port(addresses_[number], port_) +
                ": " + std::string{reason};
}

/// For the first that is ready, for the beginning of the next one, or for the time of one to end.
Result<void> Race::wait()
{
    polled_.clear();
    base::Deadline until = schedule_.next().value_or(base::Deadline::max());
    for (const Attempt& attempt : under_way_) {
        polled_.push_back({.fd = attempt.fd.get(), .events = POLLOUT, .revents = 0});
        until = std::min(until, attempt.deadline);
    }
    polled_.push_back({});
    auto ready = wait_for_any(polled_, until, cancellation_);
    if (!ready && ready.error().code() != ErrorCode::timed_out) {
        return ready;
    }
    return {};
}

/// The connection of the oldest attempt that has one is the winner; those that have failed are
/// taken off.
bool Race::take_ready()
{
    std::vector<Attempt> still;
    still.reserve(under_way_.size());
    std::optional<Attempt> winner;
    for (std::size_t i = 0; i < under_way_.size(); ++i) {
        Attempt& attempt = under_way_[i];
        if (polled_[i].revents == 0 || winner) {
            still.push_back(std::move(attempt));
            continue;
        }
        int outcome = 0;
        socklen_t length = sizeof outcome;
        ::getsockopt(attempt.fd.get(), SOL_SOCKET, SO_ERROR, &outcome, &length);
        if (outcome == 0) {
            winner.emplace(std::move(attempt));
        } else {
            fail(attempt.number, std::generic_category().message(outcome));
        }
    }
    under_way_ = std::move(still);
    if (winner) {
        winner_ = win(winner->number, std::move(winner->fd));
    }
    return winner.has_value();
}

void Race::drop_late()
{
    const auto now = Clock::now();
    for (const Attempt& attempt : under_way_) {
        if (attempt.deadline <= now) {
            fail(attempt.number, "no answer in the time allowed");
        }
    }
    std::erase_if(under_way_, [&](const Attempt& attempt) { return attempt.deadline <= now; });
}

std::unique_ptr<Stream> Race::win(std::size_t number, FileDescriptor fd)
{
    for (const Attempt& attempt : under_way_) {
        observer_(addresses_[attempt.number], AttemptEnd::overtaken,
                  "no answer yet when another address took the connection");
    }
    under_way_.clear();
    observer_(addresses_[number], AttemptEnd::connected, "connected");
    const auto peer = parse_address(addresses_[number], port_);
    WP_ASSERT(peer.has_value());
    return std::make_unique<TcpStream>(std::move(fd), address_to_string(peer->get()),
                                       cancellation_);
}

} // namespace

Result<std::unique_ptr<Stream>> connect_any(std::span<const std::string> addresses,
                                            std::uint16_t port, const ConnectLimits& limits,
                                            const Cancellation& cancellation,
                                            const AttemptObserver& observer)
{
    const auto tried = addresses.first(std::min(addresses.size(), limits.addresses_max));
    Race race{tried, port, limits, cancellation, observer};
    auto stream = race.run();
    if (!stream || *stream) {
        return stream;
    }
    std::string reasons = race.reasons();
    if (const std::size_t left_out = addresses.size() - tried.size(); left_out > 0) {
        const std::string why = std::to_string(left_out) + " more addresses were not tried, the " +
                                "limit is " + std::to_string(limits.addresses_max);
        observer(addresses[tried.size()], AttemptEnd::left_out, why);
        reasons += (reasons.empty() ? "" : "; ") + why;
    }
    return base::fail(ErrorCode::connect_failed, Retry::later, std::move(reasons));
}

} // namespace watchpost::net
