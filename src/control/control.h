// The control process: the store, the console and the API, and the hub of the other processes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "diag/log.h"

namespace watchpost::control {

/// The users by which the processes are known (SO_PEERCRED).
struct PeerUsers {
    uid_t control = 0;
    uid_t collector = 0;
    uid_t pipeline = 0;
};

struct ControlSettings {
    std::string product_version;
    std::filesystem::path state;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443; // 0: any free one; the ready line names it
    bool is_demo = false;
    PeerUsers users;
    std::vector<std::string> warnings; // shown as long as the service runs
};

/// Serves until `stop_fd` is readable. Prints "Watchpost is ready: https://…" on standard output
/// once it can be reached, and the first account's one-time password where it was made just now. An
/// error before that is one that somebody has to mend: it names the remedy.
[[nodiscard]] base::Result<void> run_control(const ControlSettings& settings, const diag::Log& log,
                                             int stop_fd);

} // namespace watchpost::control
