#include "hub/listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/time.h"
#include "hub/doorway.h"
#include "hub/socket.h"

namespace watchpost::hub {
namespace {

using base::Result;

constexpr std::size_t links_max = 64; // of all roles together; more have to wait

} // namespace

class Listener::Body {
public:
    Body(os::UniqueFd socket, os::UniqueFd wake, Service service)
        : socket_{std::move(socket)}
        , wake_{std::move(wake)}
        , service_{std::move(service)}
        , door_{socket_.get(), service_}
    {
    }

    ~Body() { stop(); }

    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    void start()
    {
        thread_ = std::thread{[this] { run(); }};
    }

    void stop()
    {
        {
            const std::lock_guard guard{lock_};
            stops_ = true;
        }
        wake();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    /// Null where no process of that role is there.
    std::shared_ptr<Link> find(std::string_view role) const
    {
        const std::lock_guard guard{lock_};
        for (const auto& entry : entries_) {
            if (entry.peer.role == role && !entry.is_replaced && !entry.link->is_lost()) {
                return entry.link;
            }
        }
        return nullptr;
    }

private:
    struct Entry {
        Peer peer;
        std::shared_ptr<Link> link;
        bool is_replaced = false;
        bool is_over = false; // on_lost has run
    };

    void run();
    void add(const Peer& peer, os::UniqueFd socket);
    [[nodiscard]] Handlers handlers_of(Entry& entry);
    [[nodiscard]] Peer peer_at_the_end(const Entry& entry) const;
    void reap();
    void end_links();
    void wake() const;

    const os::UniqueFd socket_;
    const os::UniqueFd wake_;
    const Service service_;
    Doorway door_;            // of the thread alone
    mutable std::mutex lock_; // of the two below
    std::list<Entry> entries_;
    bool stops_ = false;
    std::thread thread_;
};

void Listener::Body::wake() const
{
    static_cast<void>(::eventfd_write(wake_.get(), 1)); // full: it is awake already
}

void Listener::Body::run()
{
    while (true) {
        std::vector<pollfd> events{pollfd{wake_.get(), POLLIN, 0}};
        {
            const std::lock_guard guard{lock_};
            if (stops_) {
                break;
            }
            door_.watch(events, links_max - std::min(links_max, entries_.size()));
        }
        const int timeout = base::milliseconds_until(door_.next_deadline());
        if (::poll(events.data(), events.size(), timeout) < 0) {
            continue;
        }
        eventfd_t count = 0;
        if (events[0].revents != 0 && ::eventfd_read(wake_.get(), &count) == 0) {
            reap();
        }
        for (auto& guest : door_.take(events)) {
            add(guest.peer, std::move(guest.socket));
        }
    }
    end_links();
}

/// Their handlers look for their entries, so each goes when its on_lost has run.
void Listener::Body::end_links()
{
    {
        const std::lock_guard guard{lock_};
        for (auto& entry : entries_) {
            entry.link->close();
        }
    }
    while (true) {
        reap();
        {
            const std::lock_guard guard{lock_};
            if (entries_.empty()) {
                return;
            }
        }
        pollfd event{wake_.get(), POLLIN, 0};
        eventfd_t count = 0;
        if (::poll(&event, 1, -1) > 0) {
            static_cast<void>(::eventfd_read(wake_.get(), &count));
        }
    }
}

void Listener::Body::add(const Peer& peer, os::UniqueFd socket)
{
    const std::lock_guard guard{lock_}; // the link's handlers find it only once it is there
    if (peer.role != admin_role) {
        for (auto& entry : entries_) {
            if (entry.peer.role == peer.role) {
                entry.is_replaced = true;
                entry.link->close();
            }
        }
    }
    auto& entry = entries_.emplace_back(Entry{peer, nullptr, false, false});
    entry.link = std::make_shared<Link>(std::move(socket), handlers_of(entry));
}

Handlers Listener::Body::handlers_of(Entry& entry)
{
    Handlers handlers;
    handlers.on_call = [this, peer = entry.peer](std::string_view method, Document request) {
        return service_.on_call(peer, method, std::move(request));
    };
    handlers.on_notice = [this, peer = entry.peer](std::string_view method,
                                                   const std::string& json) {
        service_.on_notice(peer, method, json);
    };
    handlers.on_connected = [this, peer = entry.peer] { service_.on_connected(peer); };
    handlers.on_lost = [this, &entry] {
        service_.on_lost(peer_at_the_end(entry));
        {
            const std::lock_guard guard{lock_};
            entry.is_over = true;
        }
        wake();
    };
    return handlers;
}

Peer Listener::Body::peer_at_the_end(const Entry& entry) const
{
    const std::lock_guard guard{lock_};
    Peer peer = entry.peer;
    peer.has_left = stops_ || entry.link->has_peer_left();
    return peer;
}

/// Links end here, where none of their own threads runs.
void Listener::Body::reap()
{
    std::list<Entry> over;
    {
        const std::lock_guard guard{lock_};
        for (auto entry = entries_.begin(); entry != entries_.end();) {
            const auto next = std::next(entry);
            if (entry->is_over) {
                over.splice(over.end(), entries_, entry);
            }
            entry = next;
        }
    }
    for (const auto& entry : over) {
        while (entry.link.use_count() > 1) { // a call of another thread is on its way out
            std::this_thread::yield();
        }
    }
}

Listener::Listener(std::unique_ptr<Body> body) : body_{std::move(body)} {}
Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::make(const std::filesystem::path& socket,
                                                 Service service)
{
    auto listening = listen_at(socket);
    if (!listening) {
        return base::fail(std::move(listening.error()));
    }
    os::UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!wake.is_open()) {
        return base::fail(base::system_error("make an eventfd", errno));
    }
    return std::unique_ptr<Listener>{new Listener{
        std::make_unique<Body>(*std::move(listening), std::move(wake), std::move(service))}};
}

void Listener::start()
{
    body_->start();
}

void Listener::stop()
{
    body_->stop();
}

Result<Document> Listener::call(std::string_view role, std::string_view method,
                                const std::string& json, base::Deadline deadline)
{
    const auto link = body_->find(role);
    if (!link) {
        return base::fail(base::ErrorCode::connection_lost, base::Retry::later,
                          "the process \"" + std::string{role} + "\" is away");
    }
    return link->call(method, json, deadline);
}

Result<void> Listener::notify(std::string_view role, std::string_view method,
                              const std::string& json)
{
    const auto link = body_->find(role);
    if (!link) {
        return base::fail(base::ErrorCode::connection_lost, base::Retry::later,
                          "the process \"" + std::string{role} + "\" is away");
    }
    return link->notify(method, json);
}

bool Listener::is_connected(std::string_view role) const
{
    return body_->find(role) != nullptr;
}

} // namespace watchpost::hub
