#include "secrets/library.h"

#include <sodium.h>

#include "base/assert.h"

namespace watchpost::secrets {

void ensure_library()
{
    WP_ASSERT(sodium_init() >= 0);
}

} // namespace watchpost::secrets
