#include "net/proxy.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "diag/quote.h"
#include "net/proxy_dialogue.h"
#include "net/server_name.h"

namespace watchpost::net {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::size_t url_bytes_max = 1'024;

base::Failure bad(std::string what)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(what));
}

/// %XX to octets; nullopt for a % without two hexadecimal digits, and for a control character.
std::optional<std::string> decode(std::string_view text)
{
    std::string octets;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%') {
            const auto digits = base::parse_hex(text.substr(at + 1, 2));
            if (!digits || digits->size() != 1) {
                return std::nullopt;
            }
            c = static_cast<char>(digits->front());
            at += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return std::nullopt;
        }
        octets += c;
    }
    return octets;
}

/// "host:port", "[v6]:port".
Result<ProxySettings> read_place(std::string_view place, ProxySettings proxy)
{
    if (place.ends_with('/')) {
        place.remove_suffix(1); // how many programs print it
    }
    const auto colon = place.rfind(':');
    const auto port = colon == std::string_view::npos
                          ? std::nullopt
                          : base::parse_decimal(place.substr(colon + 1));
    if (!port || *port == 0 || *port > 65'535) {
        return bad("the proxy needs a port, as in socks5://proxy.example.org:1080");
    }
    const auto host = place.substr(0, colon);
    if (host.find(':') != std::string_view::npos && !host.starts_with('[')) {
        return bad("an IPv6 address stands in brackets, as in socks5://[2001:db8::1]:1080");
    }
    const auto name = parse_server_name(host);
    if (!name) {
        return base::fail(name.error());
    }
    proxy.server = name->text;
    proxy.port = static_cast<std::uint16_t>(*port);
    return proxy;
}

/// Gives first what came with the proxy's reply.
class StreamWithBeginning final : public Stream {
public:
    StreamWithBeginning(std::string beginning, std::unique_ptr<Stream> stream)
        : beginning_{std::move(beginning)}
        , stream_{std::move(stream)}
    {
    }

    Result<std::size_t> read_some(std::span<std::byte> buffer, base::Deadline deadline) override
    {
        if (beginning_.empty()) {
            return stream_->read_some(buffer, deadline);
        }
        const std::size_t count = std::min(buffer.size(), beginning_.size());
        std::ranges::copy(base::as_bytes(beginning_).first(count), buffer.begin());
        beginning_.erase(0, count);
        return count;
    }
    Result<void> write_all(base::ByteView bytes, base::Deadline deadline) override
    {
        return stream_->write_all(bytes, deadline);
    }
    [[nodiscard]] std::string peer_address() const override { return stream_->peer_address(); }

private:
    std::string beginning_;
    std::unique_ptr<Stream> stream_;
};

Result<void> talk(Stream& stream, ProxyDialogue& dialogue, base::Deadline deadline)
{
    auto to_send = Result<std::string>{dialogue.begin()};
    std::array<std::byte, 4'096> buffer{};
    while (true) {
        if (!to_send->empty()) {
            if (auto sent = stream.write_all(base::as_bytes(*to_send), deadline); !sent) {
                return sent;
            }
        }
        if (dialogue.is_done()) {
            return {};
        }
        const auto count = stream.read_some(buffer, deadline);
        if (!count) {
            return base::fail(count.error());
        }
        if (*count == 0) {
            return base::fail(ErrorCode::connection_lost, Retry::later,
                              "the proxy closed the connection before it had answered");
        }
        to_send = dialogue.feed(base::as_text(base::ByteView{buffer}.first(*count)));
        if (!to_send) {
            return base::fail(std::move(to_send).error());
        }
    }
}

} // namespace

Result<ProxySettings> parse_proxy(std::string_view url)
{
    ProxySettings proxy;
    if (url.size() > url_bytes_max) {
        return bad("the proxy is longer than 1,024 octets");
    }
    if (url.starts_with("socks5://")) {
        url.remove_prefix(9);
    } else if (url.starts_with("http://")) {
        proxy.kind = ProxySettings::Kind::http;
        url.remove_prefix(7);
    } else {
        return bad("a proxy is written socks5://host:port or http://host:port");
    }
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
        const auto user = url.substr(0, at);
        if (user.find(':') != std::string_view::npos) {
            return bad("write the proxy's user name alone, as in socks5://user@host:port: its "
                       "password has a setting of its own, since this one is shown to others");
        }
        auto decoded = decode(user);
        if (!decoded || decoded->empty()) {
            return bad("the proxy's user name cannot be read: write an octet that is no letter or "
                       "digit as %XX");
        }
        proxy.user = *std::move(decoded);
        url.remove_prefix(at + 1);
    }
    return read_place(url, std::move(proxy));
}

Result<std::unique_ptr<Stream>> pass_proxy(std::unique_ptr<Stream> stream,
                                           const ProxySettings& proxy, std::string_view server,
                                           std::uint16_t port, FirstWord first_word,
                                           base::Deadline deadline)
{
    auto dialogue = make_proxy_dialogue(proxy, server, port);
    if (!dialogue) {
        return base::fail(std::move(dialogue).error());
    }
    if (auto talked = talk(*stream, **dialogue, deadline); !talked) {
        return base::fail(std::move(talked).error());
    }
    const std::string& rest = (*dialogue)->rest();
    if (rest.empty()) {
        return stream;
    }
    if (first_word == FirstWord::client) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the proxy's answer is followed by \"" + diag::quote(rest, 80) +
                              "\", which no TLS server sends: is it a port without TLS, or does "
                              "somebody tamper with the connection?");
    }
    return std::make_unique<StreamWithBeginning>(rest, std::move(stream));
}

} // namespace watchpost::net
