#include "node/restart_policy.h"

#include <algorithm>

namespace watchpost::node {

std::chrono::seconds RestartPolicy::next_pause(base::Deadline started, base::Deadline ended)
{
    const bool was_quiet = ended - started >= quiet_time;
    pause_ = was_quiet || pause_ == pause_.zero() ? pause_min : std::min(pause_ * 2, pause_max);
    return pause_;
}

} // namespace watchpost::node
