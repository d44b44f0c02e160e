#include "hub/client.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "hub/socket.h"

namespace watchpost::hub {
namespace {

using base::Result;

constexpr std::chrono::milliseconds pause_min{100};
constexpr std::chrono::milliseconds pause_max{2'000};
constexpr std::chrono::seconds hello_time_max{10};

} // namespace

class Client::Body {
public:
    Body(std::filesystem::path socket, std::string role, Handlers handlers)
        : socket_{std::move(socket)}
        , role_{std::move(role)}
        , handlers_{std::move(handlers)}
        , thread_{[this] { keep_up(); }}
    {
    }

    ~Body()
    {
        {
            const std::lock_guard guard{lock_};
            stops_ = true;
            if (link_) {
                link_->leave();
            }
        }
        changed_.notify_all();
        thread_.join();
    }

    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    Result<std::shared_ptr<Link>> link() const
    {
        const std::lock_guard guard{lock_};
        if (!link_ || link_->is_lost()) {
            return base::fail(base::ErrorCode::connection_lost, base::Retry::later,
                              "control is away" + (error_.empty() ? "" : ": " + error_));
        }
        return link_;
    }

    std::string last_error() const
    {
        const std::lock_guard guard{lock_};
        return error_;
    }

private:
    void keep_up();
    [[nodiscard]] bool connect_once();
    void wait_for_loss();

    const std::filesystem::path socket_;
    const std::string role_;
    const Handlers handlers_;
    mutable std::mutex lock_; // of the five below
    std::condition_variable changed_;
    std::shared_ptr<Link> link_; // ended by the thread alone: callers hold it for one call
    std::string error_ = "not connected yet";
    bool is_lost_ = false;
    bool stops_ = false;
    std::thread thread_;
};

bool Client::Body::connect_once()
{
    auto socket = connect_as(socket_, role_, std::chrono::steady_clock::now() + hello_time_max);
    const std::lock_guard guard{lock_};
    if (!socket) {
        error_ = socket.error().describe();
        return false;
    }
    auto handlers = handlers_;
    handlers.on_lost = [this] {
        if (handlers_.on_lost) {
            handlers_.on_lost();
        }
        const std::lock_guard inner{lock_};
        is_lost_ = true;
        changed_.notify_all();
    };
    is_lost_ = false;
    error_.clear();
    link_ = std::make_shared<Link>(*std::move(socket), std::move(handlers));
    if (stops_) {
        link_->leave();
    }
    return true;
}

/// Destroys the link here, where none of its own threads runs.
void Client::Body::wait_for_loss()
{
    std::unique_lock guard{lock_};
    changed_.wait(guard, [this] { return is_lost_; });
    auto link = std::move(link_);
    link_ = nullptr;
    error_ = "control ended the link";
    guard.unlock();
    while (link.use_count() > 1) { // a call of another thread is on its way out: it has failed
        std::this_thread::yield();
    }
}

void Client::Body::keep_up()
{
    auto pause = pause_min;
    std::unique_lock guard{lock_};
    while (!stops_) {
        guard.unlock();
        if (connect_once()) {
            wait_for_loss();
            pause = pause_min;
        }
        guard.lock();
        changed_.wait_for(guard, pause, [this] { return stops_; });
        pause = std::min(pause * 2, pause_max);
    }
}

Client::Client(std::filesystem::path socket, std::string role, Handlers handlers)
    : body_{std::make_unique<Body>(std::move(socket), std::move(role), std::move(handlers))}
{
}

Client::~Client() = default;

Result<Document> Client::call(std::string_view method, const std::string& json,
                              base::Deadline deadline)
{
    const auto link = body_->link();
    if (!link) {
        return base::fail(link.error());
    }
    return (*link)->call(method, json, deadline);
}

Result<void> Client::notify(std::string_view method, const std::string& json)
{
    const auto link = body_->link();
    if (!link) {
        return base::fail(link.error());
    }
    return (*link)->notify(method, json);
}

std::string Client::last_error() const
{
    return body_->last_error();
}

Result<std::unique_ptr<Link>> connect(const std::filesystem::path& socket, std::string_view role,
                                      base::Deadline deadline)
{
    auto connected = connect_as(socket, role, deadline);
    if (!connected) {
        return base::fail(std::move(connected.error()));
    }
    return std::make_unique<Link>(*std::move(connected), Handlers{});
}

} // namespace watchpost::hub
