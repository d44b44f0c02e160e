// The links of a message with what stands in their wrappers. Private to inspect/. Thread-safe.
#pragma once

#include <cstddef>
#include <vector>

#include "inspect/engine.h"
#include "model/message_model.h"

namespace watchpost::inspect {

/// Of all steps of all links of one message. Steps beyond it are not written down.
constexpr std::size_t unwrapped_bytes_max = std::size_t{4} << 20U;

/// Fills Link::unwrapped. A link that is wrapped deeper than unwrap_link() goes, and what does not
/// fit, is one gap "limit_link_steps".
void unwrap_links(std::vector<model::Link>& links, FindingSink& sink,
                  std::size_t bytes_max = unwrapped_bytes_max);

} // namespace watchpost::inspect
