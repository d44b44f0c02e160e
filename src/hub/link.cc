#include "hub/link.h"

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/assert.h"
#include "base/json_depth.h"
#include "hub/wire.h"
#include "ipc/channel.h"
#include "os/worker_pool.h"

namespace watchpost::hub {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::size_t call_threads = 8;
constexpr std::size_t calls_waiting_max = 256;
constexpr std::size_t notices_waiting_max = 4096;
constexpr std::chrono::seconds send_time_max{30}; // of a peer that reads nothing

base::Failure link_is_lost()
{
    return base::fail(ErrorCode::connection_lost, Retry::later, "the other process is away");
}

/// Octets of what came and is not done. Thread-safe.
class Load {
public:
    explicit Load(std::size_t bytes_max) : bytes_max_{bytes_max} {}

    /// False where it does not fit.
    [[nodiscard]] bool add(std::size_t bytes) noexcept
    {
        std::size_t before = bytes_;
        do {
            if (bytes > bytes_max_ || before > bytes_max_ - bytes) {
                return false;
            }
        } while (!bytes_.compare_exchange_weak(before, before + bytes));
        return true;
    }
    void remove(std::size_t bytes) noexcept { bytes_ -= bytes; }

private:
    const std::size_t bytes_max_;
    std::atomic<std::size_t> bytes_{0};
};

std::size_t bytes_of(const Request& request)
{
    return sizeof request + request.method.size() + request.json.size();
}

bool is_too_deep(const std::string& json)
{
    return base::is_nested_deeper_than(json, document_depth_max);
}

/// One call that waits for its answer. Guarded by the link's lock.
struct Waiting {
    std::optional<Result<Document>> answer;
};

} // namespace

class Link::Body {
public:
    Body(os::UniqueFd socket, Handlers handlers, const LinkLimits& limits)
        : channel_{std::move(socket), link_limits()}
        , handlers_{std::move(handlers)}
        , load_{limits.waiting_bytes_max}
        , calls_{call_threads, calls_waiting_max}
        , others_{1, std::numeric_limits<std::size_t>::max()}
    {
        post_other(handlers_.on_connected);
        reader_ = std::thread{[this] { read(); }};
    }

    ~Body()
    {
        close();
        reader_.join();
    }

    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    Result<Document> call(std::string_view method, const std::string& json,
                          base::Deadline deadline);
    Result<void> notify(std::string_view method, const std::string& json);

    void close() noexcept { ::shutdown(channel_.fd(), SHUT_RDWR); }

    void leave() noexcept;

    bool has_peer_left() const noexcept { return has_peer_left_; }

    bool is_lost() const noexcept
    {
        const std::lock_guard guard{lock_};
        return is_lost_;
    }

private:
    Result<void> send(Kind kind, const base::Bytes& payload, std::span<const int> fds = {});
    void read();
    [[nodiscard]] bool take(ipc::Message message);
    [[nodiscard]] bool take_call(ipc::Message message);
    [[nodiscard]] bool take_notice(const ipc::Message& message);
    [[nodiscard]] bool take_answer(ipc::Message message);
    [[nodiscard]] bool take_failure(const ipc::Message& message);
    void settle(std::uint64_t number, Result<Document> answer);
    void answer(Request& request);
    void send_answer(std::uint64_t number, const Result<Document>& answer);
    void post_other(std::function<void()> work);
    void lose();

    ipc::Channel channel_; // received from by the reader alone, sent to under send_lock_
    Handlers handlers_;
    std::mutex send_lock_;
    mutable std::mutex lock_; // of the four below
    std::condition_variable answered_;
    std::unordered_map<std::uint64_t, Waiting> waiting_;
    std::uint64_t last_number_ = 0;
    bool is_lost_ = false;
    std::atomic<std::size_t> notices_waiting_{0};
    std::atomic<bool> has_peer_left_{false};
    Load load_;
    os::WorkerPool calls_; // their threads end before what they use
    os::WorkerPool others_;
    std::thread reader_;
};

Result<Document> Link::Body::call(std::string_view method, const std::string& json,
                                  base::Deadline deadline)
{
    std::unique_lock guard{lock_};
    if (is_lost_) {
        return link_is_lost();
    }
    const std::uint64_t number = ++last_number_;
    waiting_.try_emplace(number);
    guard.unlock();
    auto sent = send(Kind::call, encode(Request{number, std::string{method}, json}));
    guard.lock();
    auto& mine = waiting_[number]; // its reference outlives other entries' coming and going
    if (sent && !mine.answer) {
        answered_.wait_until(guard, deadline, [&] { return mine.answer || is_lost_; });
    }
    auto answer = std::move(mine.answer);
    const bool is_lost = is_lost_;
    waiting_.erase(number);
    if (answer) {
        return *std::move(answer);
    }
    if (!sent) {
        return base::fail(std::move(sent.error()));
    }
    return is_lost ? link_is_lost()
                   : base::fail(ErrorCode::timed_out, Retry::later,
                                "the other process did not answer \"" + std::string{method} +
                                    "\" in time");
}

Result<void> Link::Body::notify(std::string_view method, const std::string& json)
{
    return send(Kind::notice, encode(Request{0, std::string{method}, json}));
}

/// A message that was sent in part has spoilt the link.
Result<void> Link::Body::send(Kind kind, const base::Bytes& payload, std::span<const int> fds)
{
    if (payload.size() > link_limits().message_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "a document of more than 64 MiB cannot pass between processes");
    }
    const std::lock_guard guard{send_lock_};
    if (is_lost()) {
        return link_is_lost();
    }
    auto sent = channel_.send(static_cast<std::uint16_t>(kind), payload, fds,
                              std::chrono::steady_clock::now() + send_time_max);
    if (!sent) {
        close();
        return link_is_lost();
    }
    return {};
}

/// Waits for nobody: a link whose socket is full, or is being written to, ends without a word.
void Link::Body::leave() noexcept
{
    if (const std::unique_lock guard{send_lock_, std::try_to_lock}; guard && !is_lost()) {
        static_cast<void>(channel_.send(static_cast<std::uint16_t>(Kind::farewell), {}, {},
                                        std::chrono::steady_clock::now()));
    }
    close();
}

void Link::Body::read()
{
    while (true) {
        auto message = channel_.receive(base::Deadline::max());
        if (!message || !take(*std::move(message))) {
            break;
        }
    }
    lose();
}

void Link::Body::lose()
{
    close();
    {
        const std::lock_guard guard{lock_};
        is_lost_ = true;
    }
    answered_.notify_all();
    post_other(handlers_.on_lost);
}

/// False: the peer broke the protocol, or sends more than we can do.
bool Link::Body::take(ipc::Message message)
{
    switch (static_cast<Kind>(message.kind)) {
    case Kind::call:
        return take_call(std::move(message));
    case Kind::notice:
        return take_notice(message);
    case Kind::answer:
        return take_answer(std::move(message));
    case Kind::failure:
        return take_failure(message);
    case Kind::farewell:
        has_peer_left_ = true;
        return true;
    }
    return false;
}

bool Link::Body::take_call(ipc::Message message)
{
    auto decoded = decode_request(message.payload);
    if (!decoded || !message.fds.empty() || is_too_deep(decoded->json)) {
        return false;
    }
    // std::function wants to be copied, so what is large is shared.
    const auto request = std::make_shared<Request>(std::move(*decoded));
    const std::size_t bytes = bytes_of(*request);
    std::function<void()> work = [this, request, bytes] {
        if (!is_lost()) { // else nobody waits for the answer any more
            answer(*request);
        }
        load_.remove(bytes);
    };
    const bool fits = load_.add(bytes);
    if (fits && calls_.post(work)) {
        return true;
    }
    if (fits) {
        load_.remove(bytes);
    }
    send_answer(request->number,
                base::fail(ErrorCode::busy, Retry::later, "the other process has too much to do"));
    return true;
}

bool Link::Body::take_notice(const ipc::Message& message)
{
    auto decoded = decode_request(message.payload);
    if (!decoded || !message.fds.empty() || is_too_deep(decoded->json)) {
        return false;
    }
    if (!handlers_.on_notice) {
        return true;
    }
    const auto request = std::make_shared<Request>(std::move(*decoded));
    const std::size_t bytes = bytes_of(*request);
    if (++notices_waiting_ > notices_waiting_max || !load_.add(bytes)) {
        return false;
    }
    post_other([this, request, bytes] {
        try {
            handlers_.on_notice(request->method, request->json);
        } catch (const std::exception&) { // as if it had not come; the peer tells it anew
            close();
        }
        load_.remove(bytes);
        --notices_waiting_;
    });
    return true;
}

bool Link::Body::take_answer(ipc::Message message)
{
    auto answer = decode_answer(message.payload);
    if (!answer || is_too_deep(answer->json)) {
        return false;
    }
    settle(answer->number, Document{std::move(answer->json), std::move(message.fds)});
    return true;
}

bool Link::Body::take_failure(const ipc::Message& message)
{
    auto failed = decode_failure(message.payload);
    if (!failed || !message.fds.empty()) {
        return false;
    }
    settle(failed->number, base::fail(std::move(failed->error)));
    return true;
}

/// An answer that nobody waits for any more came too late.
void Link::Body::settle(std::uint64_t number, Result<Document> answer)
{
    {
        const std::lock_guard guard{lock_};
        const auto found = waiting_.find(number);
        if (found == waiting_.end()) {
            return;
        }
        found->second.answer = std::move(answer);
    }
    answered_.notify_all();
}

void Link::Body::answer(Request& request)
{
    if (!handlers_.on_call) {
        send_answer(request.number, base::fail(ErrorCode::unsupported, Retry::never,
                                               "this process answers no calls"));
        return;
    }
    try {
        send_answer(request.number,
                    handlers_.on_call(request.method, Document{std::move(request.json), {}}));
    } catch (const std::exception& error) { // a document that is too much must not end the process
        send_answer(request.number, base::fail(ErrorCode::internal, Retry::later, error.what()));
    }
}

void Link::Body::send_answer(std::uint64_t number, const Result<Document>& answer)
{
    if (!answer) {
        static_cast<void>(send(Kind::failure, encode(FailedAnswer{number, answer.error()})));
        return;
    }
    std::vector<int> fds;
    for (const auto& fd : answer->fds) {
        fds.push_back(fd.get());
    }
    if (auto sent = send(Kind::answer, encode(Answer{number, answer->json}), fds);
        !sent && sent.error().code() == ErrorCode::limit_exceeded) {
        static_cast<void>(send(Kind::failure, encode(FailedAnswer{number, sent.error()})));
    }
}

void Link::Body::post_other(std::function<void()> work)
{
    if (work) {
        WP_ASSERT(others_.post(work)); // it takes any number: on_lost must not be lost
    }
}

Link::Link(os::UniqueFd socket, Handlers handlers, const LinkLimits& limits)
    : body_{std::make_unique<Body>(std::move(socket), std::move(handlers), limits)}
{
}

Link::~Link() = default;

Result<Document> Link::call(std::string_view method, const std::string& json,
                            base::Deadline deadline)
{
    return body_->call(method, json, deadline);
}

Result<void> Link::notify(std::string_view method, const std::string& json)
{
    return body_->notify(method, json);
}

void Link::close() noexcept
{
    body_->close();
}

void Link::leave() noexcept
{
    body_->leave();
}

bool Link::has_peer_left() const noexcept
{
    return body_->has_peer_left();
}

bool Link::is_lost() const noexcept
{
    return body_->is_lost();
}

} // namespace watchpost::hub
