// Server-sent events (WHATWG HTML §9.2): a bounded queue between whoever publishes and one
// connection.
//
// A reader that is too slow loses events and is told so by one `resync` event: memory is bounded,
// and nobody believes that he saw everything. Thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::http {

class EventStream {
public:
    static constexpr std::size_t queued_events_max = 256;

    /// `name` and `data` become one event; data may have several lines. Ignored once closed.
    void publish(std::string_view name, std::string_view data);

    /// No more events; the connection ends after those that are queued.
    void close();

    [[nodiscard]] bool is_closed() const;

    // For the server: what to write next, and how to be woken.

    /// All that is queued, in wire form; empty where nothing is. nullopt once closed and empty.
    [[nodiscard]] std::optional<std::string> take();
    /// Called (from any thread) whenever something was queued or the stream was closed.
    void on_wake(std::function<void()> wake);

private:
    void wake_reader();

    mutable std::mutex mutex_;
    std::deque<std::string> queue_;
    std::function<void()> wake_;
    bool is_closed_ = false;
    bool lost_ = false;
};

/// One event in wire form; CR and LF in the name are refused by assertion, in data they split
/// lines.
[[nodiscard]] std::string to_wire(std::string_view name, std::string_view data);

} // namespace watchpost::http
