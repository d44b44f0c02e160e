#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace watchpost::base {

void assertion_failed(const char* what, const char* file, int line) noexcept
{
    std::fprintf(stderr, "watchpost: broken invariant: %s (%s:%d)\n", what, file, line);
    std::abort();
}

} // namespace watchpost::base
