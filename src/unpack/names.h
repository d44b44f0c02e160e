// Names of members on their way to UTF-8, without the C library's locales: iconv would open its
// modules, which the sandbox forbids.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

/// UTF-8 stays; anything else is read as code page 437, the zip format's default, in which every
/// octet is a character: no name is ever lost and ASCII extensions survive.
[[nodiscard]] std::string name_from_octets(std::string_view octets);

/// UTF-16 without a byte order mark; unpaired surrogates become U+FFFD.
[[nodiscard]] std::string name_from_utf16(std::u16string_view units);

/// Names in fields of records: up to the first NUL or the end. The second is in UTF-16.
[[nodiscard]] std::string name_until_nul(base::ByteView octets);
[[nodiscard]] std::string wide_name_until_nul(base::ByteView octets);

/// The name of what a bare compression holds: "x.txt.gz" → "x.txt", "x.tgz" → "x.tar", anything
/// else stays as it is.
[[nodiscard]] std::string name_without_compression(std::string_view filename);

} // namespace watchpost::unpack
