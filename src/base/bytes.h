// Views of bytes and the few conversions that everybody needs. A view is never stored beyond the
// call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::base {

using ByteView = std::span<const std::byte>;
using Bytes = std::vector<std::byte>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept
{
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// The same octets seen as characters; nothing is promised about NUL or UTF-8.
[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The part of `bytes` from offset on, at most `count` long; empty where the range lies outside.
[[nodiscard]] ByteView slice(ByteView bytes, std::size_t offset, std::size_t count) noexcept;

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(ByteView bytes);

/// Two digits an octet, either case, nothing between; nullopt for anything else.
[[nodiscard]] std::optional<Bytes> parse_hex(std::string_view text);

/// Sums and products of lengths that came from input: nullopt where they do not fit.
[[nodiscard]] std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) noexcept;
[[nodiscard]] std::optional<std::uint64_t> checked_multiply(std::uint64_t a,
                                                            std::uint64_t b) noexcept;

/// Decimal digits only, no sign, no space; nullopt for anything else or where it does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept;

/// "1.5 MiB", "512 bytes": for people, never for programs.
[[nodiscard]] std::string to_readable_bytes(std::uint64_t count);

} // namespace watchpost::base
