// What the process table closes, as the order to the kernel: each child gives it for itself before
// it does anything else. Thread-safe.
#pragma once

#include <string_view>

#include "node/state_folder.h"
#include "os/confine.h"

namespace watchpost::node {

/// Of "control", "collector" and "pipeline" (asserted).
[[nodiscard]] os::Confinement confinement_of(std::string_view process, const StateFolder& folder);

} // namespace watchpost::node
