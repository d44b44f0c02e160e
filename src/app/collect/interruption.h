// SIGINT and SIGTERM end a session in good order: what was committed stays, nothing is deleted
// after.
//
// One at a time in a process. A second signal ends the process at once.
#pragma once

#include <memory>

#include "base/error.h"
#include "net/stream.h"

namespace watchpost::app {

class Interruption {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Interruption>> make();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    [[nodiscard]] const net::Cancellation& cancellation() const noexcept { return *cancellation_; }

private:
    explicit Interruption(std::unique_ptr<net::Cancellation> cancellation);

    std::unique_ptr<net::Cancellation> cancellation_;
};

} // namespace watchpost::app
