#include "store/writer.h"

#include <limits>

#include "base/assert.h"

namespace watchpost::store {

// Whoever posts waits for the result, so the queue is never longer than there are callers.
Writer::Writer(Store& store) : store_{store}, thread_{1, std::numeric_limits<std::size_t>::max()} {}

void Writer::post(std::function<void()> task)
{
    WP_ASSERT(!thread_.is_inside());
    const bool is_posted = thread_.post(task);
    WP_ASSERT(is_posted);
}

} // namespace watchpost::store
