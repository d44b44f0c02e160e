// The inside of an unpacker: opens by a program what no reader of ours opens, for one inspector.
//
// Runs in a process of its own that os::Process started with the channel to the inspector as
// descriptor 3. Holds nothing, reads nothing but the libraries of the system, and lives as long as
// the inspector. ADR 0026.
#pragma once

#include <cstdint>
#include <filesystem>

namespace watchpost::pipeline {

struct UnpackerOrder {
    std::filesystem::path program;    // 7-Zip's
    std::uint64_t data_bytes_max = 0; // RLIMIT_DATA, its own and the program's
    std::uint64_t file_bytes_max = 0; // of one member
};

/// Its whole life; does not return. Without the program, or where the sandbox cannot be closed,
/// each question is answered with the reason.
[[noreturn]] void run_unpacker(const UnpackerOrder& order);

} // namespace watchpost::pipeline
