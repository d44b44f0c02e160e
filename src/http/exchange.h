// Private: one request that waits for its response from another thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/server.h"

namespace watchpost::http {

class Responder::Exchange : public std::enable_shared_from_this<Responder::Exchange> {
public:
    explicit Exchange(const boost::asio::any_io_executor& executor) : timer_{executor} {}

    /// From any thread; the first response counts.
    void complete(Response response);

    /// On the loop thread: waits for the response; 503 once the time is over.
    [[nodiscard]] boost::asio::awaitable<Response> wait(std::chrono::seconds time_max);

private:
    boost::asio::steady_timer timer_; // touched on the loop thread only
    std::optional<Response> response_;
};

} // namespace watchpost::http
