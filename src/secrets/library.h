// Private: libsodium wants to be initialised once, before anything else.
#pragma once

namespace watchpost::secrets {

/// Thread-safe and idempotent; the process ends where libsodium cannot start.
void ensure_library();

} // namespace watchpost::secrets
