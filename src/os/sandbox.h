// Closes the door behind a process that is about to read hostile bytes: no file, no network, no
// program, no other process. What it holds already (descriptors, memory) is all it has from then
// on. One kind of process may have one program run, which gets the same walls (ADR 0026).
//
// Linux only: seccomp by libseccomp (an allow-list), Landlock where the kernel has it, resource
// limits, no capabilities, no new privileges, no core dump. Irreversible. To be called while the
// process has one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace watchpost::os {

enum class MemoryFiles : std::uint8_t { refused, allowed };

struct SandboxSettings {
    int channel_fd = -1;               // the only descriptor on which messages are sent, received …
    int second_channel_fd = -1;        // … and this one, where there is one
    std::uint64_t data_bytes_max = 0;  // RLIMIT_DATA
    std::uint64_t file_bytes_max = 0;  // RLIMIT_FSIZE, of memory files too
    std::uint64_t open_files_max = 64; // RLIMIT_NOFILE
    MemoryFiles memory_files = MemoryFiles::refused; // may it make memory files?
    /// An open program that may be run (Process::execute), -1 for none. It may read the libraries
    /// of the system and nothing else, which only Landlock can say: without it this fails.
    int program_fd = -1;
};

/// One wall of the sandbox as it stands after close_sandbox().
struct Measure {
    enum class State : std::uint8_t {
        in_force,
        weakened, // on, but less than in a release build; the detail says why
        absent    // this kernel or build does not have it
    };
    std::string name; // "seccomp", "Landlock" …
    State state = State::absent;
    std::string detail;
};

/// Fails where seccomp cannot be had: then there is no sandbox, and nothing may be inspected. The
/// result says what is in force, found out by asking the kernel and not by what was asked of it.
[[nodiscard]] base::Result<std::vector<Measure>> close_sandbox(const SandboxSettings& settings);

/// The name of the state for people: "in force".
[[nodiscard]] const char* to_string(Measure::State state) noexcept;

} // namespace watchpost::os
