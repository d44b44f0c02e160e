#include "os/wait.h"

#include <poll.h>

#include <cerrno>

#include "base/assert.h"

namespace watchpost::os {

bool wait_until_readable(int fd, base::Deadline deadline) noexcept
{
    while (true) {
        pollfd entry{fd, POLLIN, 0};
        const int ready = ::poll(&entry, 1, base::milliseconds_until(deadline));
        if (ready > 0) {
            return true;
        }
        WP_ASSERT(ready == 0 || errno == EINTR);
        if (ready == 0 && std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
    }
}

} // namespace watchpost::os
