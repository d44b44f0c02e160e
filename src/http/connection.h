// Private: one connection from its handshake to its end, as a coroutine on the loop thread.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "http/server.h"

namespace watchpost::http {

/// Settings and handler outlive every connection. Never throws: a failed connection just ends.
[[nodiscard]] boost::asio::awaitable<void>
serve_connection(boost::asio::ip::tcp::socket socket,
                 std::shared_ptr<boost::asio::ssl::context> tls, const ServerSettings& settings,
                 const Handler& handler);

} // namespace watchpost::http
