// Numbers out of hostile bytes: nullopt where they do not lie wholly inside.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

[[nodiscard]] inline std::optional<std::uint16_t> little_u16(base::ByteView bytes,
                                                             std::size_t offset) noexcept
{
    const auto two = base::slice(bytes, offset, 2);
    if (two.size() < 2) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(two[0]) |
                                      std::to_integer<unsigned>(two[1]) << 8U);
}

[[nodiscard]] inline std::optional<std::uint32_t> little_u32(base::ByteView bytes,
                                                             std::size_t offset) noexcept
{
    const auto low = little_u16(bytes, offset);
    const auto high = little_u16(base::slice(bytes, offset, 4), 2);
    if (!low || !high) {
        return std::nullopt;
    }
    return std::uint32_t{*low} | std::uint32_t{*high} << 16U;
}

} // namespace watchpost::inspect::attachment
