// Landlock by its system calls (Debian 12 has no library for it): gives up every right that the
// running kernel can take away. landlock(7), Linux 5.13 and later. Thread-safe; irreversible.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.h"
#include "os/sandbox.h"

namespace watchpost::os {

/// Needs no_new_privs. Never fails: what the kernel does not have is Measure::State::absent.
[[nodiscard]] Measure close_by_landlock();

/// The same, but this open program may be run, with the libraries of the system.
[[nodiscard]] base::Result<Measure> close_by_landlock_but(int program_fd);

/// What stays allowed of writing, starting programs and TCP; reading is not restricted.
struct LandlockRules {
    bool may_start_programs = false;
    bool may_bind = false;
    bool may_connect = false;
    std::vector<std::filesystem::path> may_write; // with all that is below
};

/// The measure says where the kernel has no Landlock; an error is a folder that cannot be opened.
[[nodiscard]] base::Result<Measure> restrict_by_landlock(const LandlockRules& rules);

} // namespace watchpost::os
