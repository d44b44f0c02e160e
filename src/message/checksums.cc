#include "message/checksums.h"

#include <array>

namespace watchpost::message {
namespace {

constexpr std::size_t octet_values = 256;

constexpr auto crc32_table = [] {
    constexpr std::uint32_t polynomial = 0xedb88320U; // its bits in reverse
    std::array<std::uint32_t, octet_values> table{};
    for (std::uint32_t octet = 0; octet < octet_values; ++octet) {
        std::uint32_t value = octet;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? polynomial : 0U);
        }
        table.at(octet) = value;
    }
    return table;
}();

constexpr auto crc16_table = [] {
    constexpr std::uint32_t polynomial = 0x1021U;
    std::array<std::uint16_t, octet_values> table{};
    for (std::uint32_t octet = 0; octet < octet_values; ++octet) {
        std::uint32_t value = octet << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value << 1U) ^ ((value & 0x8000U) != 0 ? polynomial : 0U);
        }
        table.at(octet) = static_cast<std::uint16_t>(value & 0xffffU);
    }
    return table;
}();

} // namespace

std::uint32_t crc32(base::ByteView bytes) noexcept
{
    std::uint32_t value = 0xffffffffU;
    for (const std::byte octet : bytes) {
        value =
            (value >> 8U) ^ crc32_table[(value ^ std::to_integer<std::uint32_t>(octet)) & 0xffU];
    }
    return ~value;
}

std::uint16_t binhex_crc(base::ByteView bytes) noexcept
{
    std::uint32_t value = 0;
    const auto take = [&](std::uint32_t octet) {
        value = ((value << 8U) & 0xffffU) ^ crc16_table[((value >> 8U) ^ octet) & 0xffU];
    };
    for (const std::byte octet : bytes) {
        take(std::to_integer<std::uint32_t>(octet));
    }
    return static_cast<std::uint16_t>(value);
}

} // namespace watchpost::message
