#include "spool/crc32c.h"

#include <array>
#include <cstring>

#ifdef __x86_64__
#include <nmmintrin.h>
#endif

namespace watchpost::spool {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78; // reflected
constexpr std::size_t stride = 8;

using Table = std::array<std::uint32_t, 256>;

/// tables[k][b]: what octet b does to the checksum k octets before the end of a stride.
constexpr std::array<Table, stride> make_tables()
{
    std::array<Table, stride> tables{};
    for (std::uint32_t octet = 0; octet < 256; ++octet) {
        std::uint32_t value = octet;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? polynomial : 0U);
        }
        tables[0][octet] = value;
    }
    for (std::size_t k = 1; k < stride; ++k) {
        for (std::size_t octet = 0; octet < 256; ++octet) {
            const std::uint32_t before = tables[k - 1][octet];
            tables[k][octet] = (before >> 8U) ^ tables[0][before & 0xFFU];
        }
    }
    return tables;
}

constexpr std::array<Table, stride> tables = make_tables();

std::uint32_t octet_at(base::ByteView bytes, std::size_t at) noexcept
{
    return std::to_integer<std::uint32_t>(bytes[at]);
}

std::uint32_t add_octet(std::uint32_t state, std::uint32_t octet) noexcept
{
    return (state >> 8U) ^ tables[0][(state ^ octet) & 0xFFU];
}

std::uint32_t add_stride(std::uint32_t state, base::ByteView bytes) noexcept
{
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < stride; ++i) {
        const std::uint32_t mixed = i < 4 ? (state >> (8U * i)) & 0xFFU : 0U;
        next ^= tables[stride - 1 - i][octet_at(bytes, i) ^ mixed];
    }
    return next;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(std::uint32_t crc,
                                                             base::ByteView bytes) noexcept
{
    std::uint64_t state = ~crc;
    while (bytes.size() >= stride) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), stride);
        state = _mm_crc32_u64(state, word);
        bytes = bytes.subspan(stride);
    }
    auto narrow = static_cast<std::uint32_t>(state);
    for (const std::byte octet : bytes) {
        narrow = _mm_crc32_u8(narrow, std::to_integer<std::uint8_t>(octet));
    }
    return ~narrow;
}
#endif

} // namespace

std::uint32_t crc32c_portable(std::uint32_t crc, base::ByteView bytes) noexcept
{
    std::uint32_t state = ~crc;
    while (bytes.size() >= stride) {
        state = add_stride(state, bytes.first(stride));
        bytes = bytes.subspan(stride);
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        state = add_octet(state, octet_at(bytes, i));
    }
    return ~state;
}

std::uint32_t crc32c(std::uint32_t crc, base::ByteView bytes) noexcept
{
#ifdef __x86_64__
    static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    if (has_instruction) {
        return crc32c_sse42(crc, bytes);
    }
#endif
    return crc32c_portable(crc, bytes);
}

} // namespace watchpost::spool
