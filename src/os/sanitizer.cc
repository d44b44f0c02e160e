#include "os/sanitizer.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WP_SANITIZER "AddressSanitizer"
#elif __has_feature(thread_sanitizer)
#define WP_SANITIZER "ThreadSanitizer"
#endif
#endif

#ifdef WP_SANITIZER
#include <sanitizer/common_interface_defs.h>
#endif

namespace watchpost::os {

#ifdef WP_SANITIZER

const char* sanitizer() noexcept
{
    return WP_SANITIZER;
}

void prepare_sanitizer() noexcept
{
    __sanitizer_sandbox_arguments arguments{};
    __sanitizer_sandbox_on_notify(&arguments);
}

#else

const char* sanitizer() noexcept
{
    return nullptr;
}

void prepare_sanitizer() noexcept {}

#endif

} // namespace watchpost::os
