#include "os/heap.h"

#include <malloc.h>

namespace watchpost::os {

void share_one_heap() noexcept
{
#ifdef M_ARENA_MAX
    ::mallopt(M_ARENA_MAX, 1);
#endif
}

} // namespace watchpost::os
