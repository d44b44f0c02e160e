// A zip of one file under a password (WinZip AES-256), for handing over what must not be opened by
// accident. Wraps libarchive. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::unpack {

/// The octets of the zip; `name` is the file's in it.
[[nodiscard]] base::Result<std::string>
make_encrypted_zip(const std::string& name, std::string_view content, const std::string& password);

} // namespace watchpost::unpack
