// What a file is against what it says it is: real type, names, programs, scripts, macros, embedded
// files, encryption.
//
// Own code over the bytes of each leaf; runs in the inspector, opens nothing. Not thread-safe.
#pragma once

#include <memory>

#include "inspect/engine.h"

namespace watchpost::inspect {

[[nodiscard]] std::unique_ptr<Engine> make_attachment_engine();

} // namespace watchpost::inspect
