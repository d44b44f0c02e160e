// One connection and one handshake with a server on 127.0.0.1, and all that came of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/connect.h"
#include "net/tls.h"

namespace watchpost::net::test {

/// Long enough never to matter where the test expects something to happen.
[[nodiscard]] inline base::Deadline in_good_time()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

/// Passes while nothing happens.
[[nodiscard]] inline base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::milliseconds{100};
}

/// One for all tests that cancel nothing.
[[nodiscard]] const Cancellation& never_cancelled();

/// Reads until the end of the stream, or until `count_max` octets have come.
[[nodiscard]] base::Result<std::string> read_all(Stream& stream, std::size_t count_max = SIZE_MAX);

struct Outcome {
    std::optional<TlsSession> session;
    std::optional<base::Error> error;
    TlsInfo info; // as the out parameter had it

    [[nodiscard]] std::string message() const { return error ? error->message() : std::string{}; }
    [[nodiscard]] std::string all_faults() const;
};

[[nodiscard]] std::unique_ptr<Stream>
connect_to(std::uint16_t port, const Cancellation& cancellation = never_cancelled());

/// In place of this machine's trusted certificates; "/dev/null" for none. Holds for the process.
void use_as_system_store(const std::string& file);

[[nodiscard]] Outcome shake_hands(const TlsSettings& settings, std::uint16_t port,
                                  std::string_view server = "mail.example.test",
                                  base::Deadline deadline = in_good_time());

} // namespace watchpost::net::test
