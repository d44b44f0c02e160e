// LZMA streams say how much memory their reader must take; twenty octets can ask for 4 GiB, and the
// library gives it.
#pragma once

#include <string>

#include "unpack/little_endian.h"

namespace watchpost::unpack {

inline constexpr std::uint32_t lzma_dictionary_bytes_max = 256U << 20U; // xz -9 takes 64 MiB

/// By the five octets of properties at the start of these bytes.
[[nodiscard]] inline std::uint32_t lzma_dictionary_bytes(base::ByteView properties)
{
    return u32_at(properties, 1);
}

[[nodiscard]] inline std::string describe_lzma_dictionary(std::uint32_t bytes)
{
    return "to read it takes a dictionary of " + base::to_readable_bytes(bytes);
}

} // namespace watchpost::unpack
