// One end of a link between two of our processes: calls with an answer and notices without one, in
// both directions at once.
//
// Each document is JSON; an answer may bring one descriptor beside it. A call blocks until its
// answer is there, its deadline passes (timed_out) or the link ends (connection_lost). Notices
// arrive in the order in which they were sent; calls are answered by several threads. A link that
// ended stays so; nothing durable lives in it (docs/adr/0011). Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/unique_fd.h"

namespace watchpost::hub {

/// The largest document, JSON and names together; a longer one is refused before it is sent
/// (limit_exceeded).
inline constexpr std::size_t document_bytes_max = std::size_t{64} << 20U;

/// Of a document's objects and arrays; a peer that sends a deeper one loses its link.
inline constexpr std::size_t document_depth_max = 64;

/// What the administrator's commands call themselves; there may be several at once.
inline constexpr std::string_view admin_role = "admin";

struct Document {
    std::string json = "{}";
    std::vector<os::UniqueFd> fds = {}; // at most one
};

/// What a process does with what comes. All but on_call run one after another in one thread of the
/// link, on_connected first and on_lost last; on_call runs in others. Each may use the link, none
/// may destroy it. An empty function: nothing is done, a call is refused (unsupported).
struct Handlers {
    std::function<base::Result<Document>(std::string_view method, Document request)> on_call = {};
    std::function<void(std::string_view method, const std::string& json)> on_notice = {};
    std::function<void()> on_connected = {};
    std::function<void()> on_lost = {};
};

struct LinkLimits {
    /// Of what came and is not done: more calls are refused (busy), more notices end the link.
    std::size_t waiting_bytes_max = 4 * document_bytes_max;
};

class Link {
public:
    /// Takes one end of a connected SOCK_SEQPACKET socket.
    Link(os::UniqueFd socket, Handlers handlers, const LinkLimits& limits = {});
    ~Link(); // ends the link and waits for its handlers
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// An error of the other process's handler arrives as it is, its steps included.
    [[nodiscard]] base::Result<Document> call(std::string_view method, const std::string& json,
                                              base::Deadline deadline);
    [[nodiscard]] base::Result<void> notify(std::string_view method, const std::string& json);

    /// Ends it from any thread: what waits fails with connection_lost. Returns at once.
    void close() noexcept;
    /// As close(), but says goodbye first, unless the socket is full just now.
    void leave() noexcept;
    /// Has the other process said goodbye?
    [[nodiscard]] bool has_peer_left() const noexcept;
    [[nodiscard]] bool is_lost() const noexcept;

private:
    class Body;
    std::unique_ptr<Body> body_;
};

} // namespace watchpost::hub
