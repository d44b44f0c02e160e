#include "net/tests/support/handshake.h"

#include <array>
#include <cstdlib>

#include "base/bytes.h"

namespace watchpost::net::test {

const Cancellation& never_cancelled()
{
    static const auto cancellation = Cancellation::make().value();
    return *cancellation;
}

base::Result<std::string> read_all(Stream& stream, std::size_t count_max)
{
    std::string text;
    while (text.size() < count_max) {
        std::array<std::byte, 5000> buffer{};
        auto count = stream.read_some(buffer, in_good_time());
        if (!count) {
            return base::fail(std::move(count).error());
        }
        if (*count == 0) {
            break;
        }
        text += base::as_text(std::span{buffer}.first(*count));
    }
    return text;
}

std::string Outcome::all_faults() const
{
    std::string text;
    for (const auto& fault : info.faults) {
        text += fault + "\n";
    }
    return text;
}

std::unique_ptr<Stream> connect_to(std::uint16_t port, const Cancellation& cancellation)
{
    return connect_address("127.0.0.1", port, in_good_time(), cancellation).value();
}

void use_as_system_store(const std::string& file)
{
    ::setenv("SSL_CERT_FILE", file.c_str(), 1); // OpenSSL looks for it at every TlsClient::make
}

Outcome shake_hands(const TlsSettings& settings, std::uint16_t port, std::string_view server,
                    base::Deadline deadline)
{
    const auto client = TlsClient::make(settings).value();
    Outcome outcome;
    auto session = client->handshake(connect_to(port), server, deadline, &outcome.info);
    if (session) {
        outcome.session = std::move(*session);
    } else {
        outcome.error = std::move(session).error();
    }
    return outcome;
}

} // namespace watchpost::net::test
