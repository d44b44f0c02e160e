// Private: who listens for live updates, and what each may see. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/event_stream.h"

namespace watchpost::api {

class EventHub {
public:
    explicit EventHub(std::size_t streams_max) : streams_max_{streams_max} {}

    /// Null where there are too many.
    [[nodiscard]] std::shared_ptr<http::EventStream> subscribe(const std::string& token);

    enum class Sight : std::uint8_t { sees, sees_not, is_over };

    /// Sends to all whose session sees it; the stream of a session that is over is closed.
    void publish(std::string_view name, std::string_view data,
                 const std::function<Sight(const std::string& token)>& sight);

    /// Is there anybody for whom an event is worth its making?
    [[nodiscard]] bool has_listeners() const;

    void close(const std::string& token);
    void close_all();

private:
    struct Subscriber {
        std::string token;
        std::shared_ptr<http::EventStream> stream;
    };
    void forget_closed(); // with the lock

    std::size_t streams_max_;
    mutable std::mutex lock_;
    std::vector<Subscriber> subscribers_;
};

} // namespace watchpost::api
