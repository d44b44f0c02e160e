// Where the pieces of a content go; an error ends the reading.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::spool {

using ByteSink = std::function<base::Result<void>(base::ByteView)>;

} // namespace watchpost::spool
