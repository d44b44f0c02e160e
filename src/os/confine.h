// Closes what a process of the service never needs: other networks, other programs, other folders.
//
// For processes of our own that read nothing as hostile as a message; an inspector is closed by
// sandbox.h. A deny-list by seccomp for calls, Landlock (where the kernel has it) for folders and
// TCP. Irreversible, and inherited by whatever is started. Linux only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "os/sandbox.h"

namespace watchpost::os {

enum class Network : std::uint8_t {
    unix_only, // unix sockets, nothing else
    listens,   // takes connections, makes none, not even to unix sockets
    connects   // makes connections, takes none
};

struct Confinement {
    Network network = Network::unix_only;
    bool may_start_programs = false;
    std::vector<std::filesystem::path> may_write; // folders that exist; besides them /dev/null
};

/// Needs no_new_privs; to be called while the process has one thread. Fails where seccomp cannot be
/// had; Landlock may be absent, and says so.
[[nodiscard]] base::Result<std::vector<Measure>> confine(const Confinement& confinement);

} // namespace watchpost::os
