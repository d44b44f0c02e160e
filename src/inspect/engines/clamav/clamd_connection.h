// One session with clamd over its unix socket: commands out, replies in, a deadline on every wait.
//
// After an error the connection is of no more use. Not thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace watchpost::inspect::clamav {

class ClamdConnection {
public:
    /// Connects and begins a session. engine_failed names the remedy.
    [[nodiscard]] static base::Result<ClamdConnection> open(const std::filesystem::path& socket,
                                                            base::Deadline deadline);

    ClamdConnection(ClamdConnection&& other) noexcept;
    ClamdConnection& operator=(ClamdConnection&& other) noexcept;
    ClamdConnection(const ClamdConnection&) = delete;
    ClamdConnection& operator=(const ClamdConnection&) = delete;
    ~ClamdConnection();

    /// False where clamd has closed it or sent something unasked since the last reply.
    [[nodiscard]] bool is_idle() const noexcept;

    /// The reply to VERSION.
    [[nodiscard]] base::Result<std::string> ask_version(base::Deadline deadline);

    /// The reply to FILDES with this descriptor, which stays the caller's.
    [[nodiscard]] base::Result<std::string> scan_file(int fd, base::Deadline deadline);

private:
    explicit ClamdConnection(int socket) noexcept : socket_{socket} {}

    [[nodiscard]] base::Result<void> send(std::string_view bytes, int passed_fd,
                                          base::Deadline deadline);
    /// connection_lost where clamd closed before the reply was whole.
    [[nodiscard]] base::Result<std::string> read_reply(base::Deadline deadline);
    [[nodiscard]] base::Result<void> wait(short events, base::Deadline deadline) const;

    int socket_ = -1;
    std::uint64_t commands_ = 0; // sent in this session; clamd numbers its replies alike
};

} // namespace watchpost::inspect::clamav
