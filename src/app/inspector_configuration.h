// The settings on their way into an inspector process, as octets.
//
// Comes from our own parent process, so it is decoded strictly but not treated as hostile.
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "config/settings.h"

namespace watchpost::app {

[[nodiscard]] base::Bytes encode_settings(const config::Settings& settings);
[[nodiscard]] base::Result<config::Settings> decode_settings(base::ByteView bytes);

} // namespace watchpost::app
