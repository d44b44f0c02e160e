// Which addresses of a server have failed of late: they are tried last, never left out.
//
// One for all sessions of a process; thread-safe. Holds no more than addresses_max of them, the
// latest, and each for remembered_max.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace watchpost::net {

class AddressMemory {
public:
    static constexpr std::chrono::minutes remembered_max{10};
    static constexpr std::size_t addresses_max = 1024;

    /// `clock`: the time on the steady clock.
    explicit AddressMemory(std::function<base::Deadline()> clock = std::chrono::steady_clock::now)
        : clock_{std::move(clock)}
    {
    }

    /// The address did not take a connection, or broke one in the middle.
    void note_failure(std::string_view server, std::uint16_t port, std::string_view address);

    [[nodiscard]] bool has_failed(std::string_view server, std::uint16_t port,
                                  std::string_view address) const;

    /// Puts those that have failed behind the others, the one first that failed longest ago; the
    /// rest keeps its order.
    [[nodiscard]] std::vector<std::string> put_last(std::string_view server, std::uint16_t port,
                                                    std::vector<std::string> addresses) const;

    /// All of a server is tried anew.
    void forget(std::string_view server, std::uint16_t port);

private:
    struct Failure {
        std::string server;
        std::uint16_t port = 0;
        std::string address;
        base::Deadline at;
    };
    [[nodiscard]] const Failure* find(std::string_view server, std::uint16_t port,
                                      std::string_view address) const;

    std::function<base::Deadline()> clock_;
    mutable std::mutex lock_;
    std::vector<Failure> failures_; // the oldest first
};

} // namespace watchpost::net
