// How many descriptors this process may have open.
#pragma once

namespace watchpost::os {

/// As many as the system's hard limit allows: the soft one is low for the sake of programs that use
/// select(). Leaves it as it is where that fails.
void raise_open_files_max() noexcept;

} // namespace watchpost::os
