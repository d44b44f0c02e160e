#include "http/form_post.h"

#include <array>
#include <memory>
#include <sstream>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "base/bytes.h"
#include "crypto/mac.h"
#include "http/reply_reader.h"
#include "net/server_name.h"
#include "net/tls.h"

namespace watchpost::http {

namespace beast = boost::beast::http;

using base::Result;

namespace {

constexpr std::size_t read_bytes = std::size_t{16} << 10U;

std::string head_of(const HttpsUrl& url, std::size_t body_bytes)
{
    beast::request<beast::empty_body> request{beast::verb::post, url.target, 11};
    const auto host = net::to_host_and_port(url.host, url.port);
    request.set(beast::field::host, url.port == 443 ? host.substr(0, host.rfind(':')) : host);
    request.set(beast::field::user_agent, "watchpost");
    request.set(beast::field::accept, "application/json");
    request.set(beast::field::content_type, "application/x-www-form-urlencoded");
    request.set(beast::field::connection, "close");
    request.content_length(body_bytes);
    std::ostringstream text;
    text << request.base();
    return std::move(text).str();
}

Result<std::unique_ptr<net::Stream>> connect(const HttpsUrl& url, const ClientSettings& settings,
                                             const net::Cancellation& cancellation)
{
    if (!settings.proxy) {
        return net::connect(url.host, url.port, settings.connect, cancellation);
    }
    const auto& proxy = *settings.proxy;
    auto stream = net::connect(proxy.server, proxy.port, settings.connect, cancellation);
    if (!stream) {
        return base::fail(std::move(stream).error().during("reach the proxy"));
    }
    return net::pass_proxy(*std::move(stream), proxy, url.host, url.port, net::FirstWord::client,
                           std::chrono::steady_clock::now() + settings.connect.proxy_time_max);
}

Result<Reply> exchange(net::Stream& stream, const HttpsUrl& url, const NamedValues& fields,
                       base::Deadline deadline)
{
    auto body = encode_form(fields);
    auto request = head_of(url, body.size()) + body;
    const auto sent = stream.write_all(base::as_bytes(request), deadline);
    crypto::wipe(body);
    crypto::wipe(request);
    if (!sent) {
        return base::fail(sent.error());
    }
    ReplyReader reader;
    std::array<std::byte, read_bytes> buffer{};
    while (!reader.is_done()) {
        const auto got = stream.read_some(buffer, deadline);
        if (!got) {
            return base::fail(got.error());
        }
        auto taken =
            *got == 0 ? reader.end() : reader.feed(base::as_text(std::span{buffer}.first(*got)));
        if (!taken) {
            return base::fail(std::move(taken).error());
        }
    }
    return reader.take();
}

} // namespace

std::string encode_form(const NamedValues& fields)
{
    std::string text;
    const auto encoded = [](const std::string& value) {
        return boost::urls::encode(boost::core::string_view{value}, boost::urls::unreserved_chars);
    };
    for (const auto& [name, value] : fields) {
        text += (text.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
    }
    return text;
}

Result<Reply> post_form(const HttpsUrl& url, const NamedValues& fields,
                        const ClientSettings& settings, const net::Cancellation& cancellation)
{
    net::TlsSettings tls; // "accept only trusted": never relaxed
    tls.ca_pem = settings.ca_pem;
    const auto client = net::TlsClient::make(tls);
    if (!client) {
        return base::fail(client.error());
    }
    auto clear = connect(url, settings, cancellation);
    if (!clear) {
        return base::fail(std::move(clear).error());
    }
    const auto deadline = std::chrono::steady_clock::now() + settings.time_max;
    auto session = (*client)->handshake(*std::move(clear), url.host, deadline);
    if (!session) {
        return base::fail(std::move(session).error());
    }
    return exchange(*session->stream, url, fields, deadline);
}

} // namespace watchpost::http
