// Control's side: takes links from the other processes, checks who they are, and finds them by
// role.
//
// The kernel says which process and which user connected (SO_PEERCRED); `admit` decides. Of a role
// other than "admin" the newest link counts, an older one is ended. Thread-safe.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "hub/link.h"

namespace watchpost::hub {

struct Peer {
    std::string role; // as it said of itself
    pid_t pid = -1;   // as the kernel says
    uid_t uid = static_cast<uid_t>(-1);
    bool has_left = false; // in on_lost: it said goodbye, or the listener stops
};

/// As Handlers, with the peer; on_connected and on_lost frame what comes from one link.
struct Service {
    std::function<base::Result<void>(const Peer& peer)> admit; // an error is told to the peer
    std::function<base::Result<Document>(const Peer& peer, std::string_view method,
                                         Document request)>
        on_call;
    std::function<void(const Peer& peer, std::string_view method, const std::string& json)>
        on_notice;
    std::function<void(const Peer& peer)> on_connected;
    std::function<void(const Peer& peer)> on_lost;
    /// No link can be taken (no descriptors are left): why, and "" once it works again. Optional.
    std::function<void(const std::string& error)> on_trouble = {};
};

class Listener {
public:
    /// Makes the socket anew with mode 0660; a socket that a dead process left there is replaced.
    /// Links are taken from start() on.
    [[nodiscard]] static base::Result<std::unique_ptr<Listener>>
    make(const std::filesystem::path& socket, Service service);
    ~Listener(); // stop()
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Begins to take links; until then they wait. Once. Whoever connects and is silent delays
    /// nobody and is dropped after two seconds.
    void start();

    /// Ends all links and waits for their handlers, so not from one of them. What waits for an
    /// answer fails with connection_lost, as does every later call.
    void stop();

    /// To the process of that role; connection_lost, Retry::later where it is away.
    [[nodiscard]] base::Result<Document> call(std::string_view role, std::string_view method,
                                              const std::string& json, base::Deadline deadline);
    [[nodiscard]] base::Result<void> notify(std::string_view role, std::string_view method,
                                            const std::string& json);
    [[nodiscard]] bool is_connected(std::string_view role) const;

private:
    class Body;
    explicit Listener(std::unique_ptr<Body> body);
    std::unique_ptr<Body> body_;
};

} // namespace watchpost::hub
