// Reads of numbers at an offset of hostile bytes: what lies outside reads as zero, nothing is
// touched.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

[[nodiscard]] constexpr std::uint8_t u8_at(base::ByteView bytes, std::size_t offset) noexcept
{
    return offset < bytes.size() ? std::to_integer<std::uint8_t>(bytes[offset]) : std::uint8_t{0};
}

[[nodiscard]] constexpr std::uint16_t u16_at(base::ByteView bytes, std::size_t offset) noexcept
{
    return static_cast<std::uint16_t>(u8_at(bytes, offset) | (u8_at(bytes, offset + 1) << 8U));
}

[[nodiscard]] constexpr std::uint32_t u32_at(base::ByteView bytes, std::size_t offset) noexcept
{
    return u16_at(bytes, offset) | (std::uint32_t{u16_at(bytes, offset + 2)} << 16U);
}

[[nodiscard]] constexpr std::uint64_t u64_at(base::ByteView bytes, std::size_t offset) noexcept
{
    return u32_at(bytes, offset) | (std::uint64_t{u32_at(bytes, offset + 4)} << 32U);
}

/// Whether `what` stands at this offset.
[[nodiscard]] inline bool has_at(base::ByteView bytes, std::size_t offset, std::string_view what)
{
    return base::as_text(base::slice(bytes, offset, what.size())) == what;
}

} // namespace watchpost::unpack
