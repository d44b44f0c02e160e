// Private: the threads that answer requests, apart by what they wait for, so that a mail server
// that is silent keeps nobody from signing in. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "os/worker_pool.h"

namespace watchpost::api {

enum class Work : std::uint8_t {
    quick,       // the store and the memory alone
    password,    // hashes one: slow by intent
    process,     // tells or asks the collector or the pipeline
    mail_server, // waits for a server that somebody named
};

/// By operationId; what is no operation is quick.
[[nodiscard]] Work work_of(std::string_view operation) noexcept;

struct RequestPoolSettings {
    std::size_t quick_threads = 4;
    std::size_t password_threads = 2;
    std::size_t process_threads = 8;
    std::size_t connection_tests_max = 6; // at once; of the collector's eight calls
    std::size_t waiting_max = 256;        // requests, for each kind; connection tests do not wait
};

class RequestPools {
public:
    explicit RequestPools(const RequestPoolSettings& settings);

    /// False where too much waits: `work` is then untouched.
    [[nodiscard]] bool post(Work kind, std::function<void()>& work);

private:
    const std::size_t connection_tests_max_;
    std::atomic<std::size_t> connection_tests_{0};
    os::WorkerPool quick_;
    os::WorkerPool password_;
    os::WorkerPool process_;
    os::WorkerPool mail_server_;
};

} // namespace watchpost::api
