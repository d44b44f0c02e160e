// The null client: logs in, pipelines RETR of everything, throws the octets away, prints the
// seconds.
//
//   pop3_null_client ADDRESS PORT USER PASSWORD [tls]
//
// In clear or with TLS from the start (any certificate), no spool, no hashing, no ledger: what a
// collector can at best come near to.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/connect.h"
#include "net/tls.h"
#include "pop3/client.h"
#include "pop3/listing.h"

using namespace watchpost;

namespace {

constexpr std::size_t window_commands = 128;
constexpr std::size_t read_octets = std::size_t{256} << 10U;

template <typename T>
T must(base::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "pop3_null_client: %s\n", result.error().describe().c_str());
        std::exit(2);
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

class NullClient {
public:
    explicit NullClient(std::unique_ptr<net::Stream> stream)
        : stream_{std::move(stream)}
        , buffer_(read_octets)
    {
    }

    pop3::Event next()
    {
        if (const auto output = client.take_output(); !output.empty()) {
            must(stream_->write_all(base::as_bytes(output), deadline()));
        }
        while (true) {
            auto event = must(client.next(unread_));
            if (event.kind != pop3::Event::Kind::need_input) {
                return event;
            }
            unread_ = base::ByteView{buffer_}.first(must(stream_->read_some(buffer_, deadline())));
            if (unread_.empty()) {
                must<void>(base::fail(base::ErrorCode::connection_lost, base::Retry::never, "end"));
            }
        }
    }

    std::string exchange(pop3::Verb verb, std::string_view argument = {})
    {
        client.request(verb, argument);
        const auto reply = next();
        if (reply.status.status != pop3::Status::ok) {
            must<void>(base::fail(pop3::refusal(reply.status)));
        }
        return std::string{reply.status.text};
    }

    pop3::Client client;

private:
    static base::Deadline deadline()
    {
        return std::chrono::steady_clock::now() + std::chrono::seconds{60};
    }

    std::unique_ptr<net::Stream> stream_;
    base::Bytes buffer_;
    base::ByteView unread_;
};

std::unique_ptr<net::Stream> open(const std::string& address, std::uint16_t port, bool with_tls,
                                  const net::Cancellation& cancellation)
{
    auto clear = must(net::connect(address, port, net::ConnectLimits{}, cancellation));
    if (!with_tls) {
        return clear;
    }
    net::TlsSettings settings;
    settings.policy = net::CertificatePolicy::any;
    const auto tls = must(net::TlsClient::make(settings));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    return must(tls->handshake(std::move(clear), address, deadline)).stream;
}

/// Octets of all messages.
std::uint64_t retrieve_all(NullClient& session, std::uint32_t count)
{
    std::uint64_t octets = 0;
    std::uint32_t asked = 0;
    for (std::uint32_t ended = 0; ended < count;) {
        if (asked - ended <= window_commands / 2) {
            for (; asked < count && asked - ended < window_commands; ++asked) {
                session.client.request(pop3::Verb::retr, asked + 1);
            }
        }
        const auto event = session.next();
        octets += event.body.size();
        ended += event.kind == pop3::Event::Kind::end ? 1 : 0;
    }
    return octets;
}

} // namespace

int main(int argc, char** argv)
{
    const bool with_tls = argc == 6 && std::string_view{argv[5]} == "tls";
    if (argc != 5 && !with_tls) {
        std::fputs("usage: pop3_null_client ADDRESS PORT USER PASSWORD [tls]\n", stderr);
        return 2;
    }
    const auto began = std::chrono::steady_clock::now();
    const auto cancellation = must(net::Cancellation::make());
    NullClient session{
        open(argv[1], static_cast<std::uint16_t>(std::stoi(argv[2])), with_tls, *cancellation)};
    session.next(); // the greeting
    session.exchange(pop3::Verb::user, argv[3]);
    session.exchange(pop3::Verb::pass, argv[4]);
    const auto status = pop3::parse_stat(session.exchange(pop3::Verb::stat));
    const auto octets = retrieve_all(session, status ? status->count : 0);
    session.exchange(pop3::Verb::quit);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
    std::printf("%u messages, %llu octets, %.3f s\n", status ? status->count : 0,
                static_cast<unsigned long long>(octets), seconds.count());
    return 0;
}
