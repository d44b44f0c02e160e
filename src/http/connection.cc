#include "http/connection.h"

#include <array>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "http/event_stream.h"
#include "http/exchange.h"

namespace watchpost::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::use_awaitable;
using boost::system::error_code;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

namespace {

auto to(error_code& error)
{
    return asio::redirect_error(use_awaitable, error);
}

Response plain_answer(int status, std::string text)
{
    return Response{status, {{"content-type", "text/plain"}}, std::move(text), nullptr};
}

class Connection {
public:
    Connection(TlsStream& stream, const ServerSettings& settings, const Handler& handler)
        : stream_{stream}
        , settings_{settings}
        , handler_{handler}
    {
    }

    /// Requests in turn until one side has enough.
    asio::awaitable<void> serve();

private:
    using Parser = wire::request_parser<wire::string_body>;

    asio::awaitable<error_code> read(Parser& parser);
    asio::awaitable<bool> answer(Parser& parser);
    asio::awaitable<bool> write(Response response, bool keep_alive);
    asio::awaitable<void> write_events(EventStream& events);
    [[nodiscard]] std::optional<Request> to_request(Parser& parser) const;
    void expire_after(std::chrono::seconds time)
    {
        beast::get_lowest_layer(stream_).expires_after(time);
    }

    TlsStream& stream_;
    const ServerSettings& settings_;
    const Handler& handler_;
    beast::flat_buffer buffer_;
};

asio::awaitable<void> Connection::serve()
{
    bool go_on = true;
    while (go_on) {
        Parser parser;
        parser.body_limit(settings_.body_bytes_max);
        parser.header_limit(static_cast<std::uint32_t>(settings_.header_bytes_max));
        const error_code error = co_await read(parser);
        if (error == wire::error::body_limit) {
            co_await write(plain_answer(413, "the request is too large\n"), false);
            co_return;
        }
        if (error == wire::error::header_limit) {
            co_await write(plain_answer(431, "the request's header is too large\n"), false);
            co_return;
        }
        if (error.category() == make_error_code(wire::error::bad_target).category() &&
            error != wire::error::end_of_stream && error != wire::error::partial_message) {
            co_await write(plain_answer(400, "this is no HTTP request\n"), false);
            co_return;
        }
        if (error) {
            co_return; // closed, timed out or broken: nobody to tell
        }
        go_on = co_await answer(parser);
    }
}

asio::awaitable<error_code> Connection::read(Parser& parser)
{
    error_code error;
    expire_after(settings_.idle_time_max);
    co_await wire::async_read_header(stream_, buffer_, parser, to(error));
    if (!error) {
        expire_after(settings_.request_time_max);
        co_await wire::async_read(stream_, buffer_, parser, to(error));
    }
    co_return error;
}

std::optional<Request> Connection::to_request(Parser& parser) const
{
    auto& message = parser.get();
    auto target = parse_target(std::string_view{message.target().data(), message.target().size()});
    if (!target) {
        return std::nullopt;
    }
    Request request;
    request.method = std::string{message.method_string()};
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    for (const auto& field : message) {
        request.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    }
    request.body = std::move(message.body());
    error_code error;
    const auto peer = beast::get_lowest_layer(stream_).socket().remote_endpoint(error);
    request.peer_address = error ? std::string{} : peer.address().to_string();
    return request;
}

asio::awaitable<bool> Connection::answer(Parser& parser)
{
    const bool keep_alive = parser.get().keep_alive();
    auto request = to_request(parser);
    if (!request) {
        co_return co_await write(plain_answer(400, "the request's target is malformed\n"), false);
    }
    beast::get_lowest_layer(stream_).expires_never(); // the exchange has a deadline of its own
    const auto exchange = std::make_shared<Responder::Exchange>(stream_.get_executor());
    handler_(std::move(*request), Responder{exchange});
    co_return co_await write(co_await exchange->wait(settings_.response_time_max), keep_alive);
}

asio::awaitable<bool> Connection::write(Response response, bool keep_alive)
{
    wire::response<wire::string_body> message{static_cast<wire::status>(response.status), 11};
    for (const auto& [name, value] : response.headers) {
        message.insert(name, value);
    }
    const auto events = response.events;
    message.keep_alive(keep_alive && !events);
    message.body() = std::move(response.body);
    if (events) {
        message.set(wire::field::content_type, "text/event-stream");
    } else if (response.status != 204 && response.status != 304) {
        message.prepare_payload();
    }
    error_code error;
    expire_after(settings_.request_time_max);
    co_await wire::async_write(stream_, message, to(error));
    if (!error && events) {
        co_await write_events(*events);
    }
    co_return !error && keep_alive && !events;
}

asio::awaitable<void> Connection::write_events(EventStream& events)
{
    asio::steady_timer timer{stream_.get_executor()};
    // The loop thread alone touches the timer: publishers on other threads only post to it, and
    // what they posted may run after this coroutine's end.
    const auto alive = std::make_shared<char>();
    events.on_wake([&timer, seen = std::weak_ptr<char>{alive}, executor = stream_.get_executor()] {
        asio::post(executor, [&timer, seen] {
            if (!seen.expired()) {
                timer.cancel();
            }
        });
    });
    struct Unhook {
        EventStream& events;
        ~Unhook() { events.on_wake({}); }
    } const unhook{events};

    error_code error;
    while (!error) {
        auto text = events.take();
        if (!text) {
            co_return;
        }
        if (text->empty()) {
            error_code waited;
            timer.expires_after(settings_.event_pause_max);
            co_await timer.async_wait(to(waited));
            if (waited) {
                continue;
            }
            text = ":\n\n";
        }
        expire_after(settings_.request_time_max);
        co_await asio::async_write(stream_, asio::buffer(*text), to(error));
        beast::get_lowest_layer(stream_).expires_never();
    }
}

/// RFC 9110 §15.4.9: somebody typed http:// — the first octet of a TLS record is 0x16.
asio::awaitable<void> redirect_to_https(beast::tcp_stream& stream, const ServerSettings& settings)
{
    beast::flat_buffer buffer;
    wire::request_parser<wire::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(settings.header_bytes_max));
    error_code error;
    co_await wire::async_read_header(stream, buffer, parser, to(error));
    if (error) {
        co_return;
    }
    wire::response<wire::string_body> message{wire::status::permanent_redirect, 11};
    const std::string host{parser.get()[wire::field::host]};
    message.set(wire::field::location, "https://" + host + std::string{parser.get().target()});
    message.keep_alive(false);
    message.body() = "this port speaks https\n";
    message.prepare_payload();
    co_await wire::async_write(stream, message, to(error));
}

asio::awaitable<bool> begins_with_tls(beast::tcp_stream& stream)
{
    error_code error;
    co_await stream.socket().async_wait(asio::ip::tcp::socket::wait_read, to(error));
    std::array<unsigned char, 1> first{};
    stream.socket().non_blocking(true, error);
    const auto count =
        stream.socket().receive(asio::buffer(first), asio::ip::tcp::socket::message_peek, error);
    co_return error || count == 0 || first[0] == 0x16;
}

} // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket,
                                       std::shared_ptr<asio::ssl::context> tls,
                                       const ServerSettings& settings, const Handler& handler)
{
    TlsStream stream{beast::tcp_stream{std::move(socket)}, *tls};
    auto& clear = beast::get_lowest_layer(stream);
    error_code error;
    clear.socket().set_option(asio::ip::tcp::no_delay{true}, error);
    // async_wait is not covered by tcp_stream's deadline: a silent peer is closed by this timer.
    asio::steady_timer silence{clear.get_executor(), settings.handshake_time_max};
    silence.async_wait([&clear](error_code cancelled) {
        if (!cancelled) {
            error_code ignored;
            clear.socket().close(ignored);
        }
    });
    const bool is_tls = co_await begins_with_tls(clear);
    silence.cancel();
    clear.expires_after(settings.handshake_time_max);
    if (!is_tls) {
        co_await redirect_to_https(clear, settings);
        co_return;
    }
    co_await stream.async_handshake(asio::ssl::stream_base::server, to(error));
    if (error) {
        co_return;
    }
    Connection connection{stream, settings, handler};
    co_await connection.serve();
    clear.expires_after(settings.handshake_time_max);
    co_await stream.async_shutdown(to(error));
}

} // namespace watchpost::http
