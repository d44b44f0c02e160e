// Is this a build with a sanitizer, and what does it need before the sandbox closes? Private to os.
#pragma once

namespace watchpost::os {

/// "AddressSanitizer", "ThreadSanitizer", or null in a product build.
[[nodiscard]] const char* sanitizer() noexcept;

/// Lets it read /proc/self/maps now: it could not report an error later.
void prepare_sanitizer() noexcept;

} // namespace watchpost::os
