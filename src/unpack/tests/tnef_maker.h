// TNEF streams for tests, piece by piece, so that they can lie.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::unpack::test {

/// Numbers in little endian, the last `count` octets of them.
[[nodiscard]] std::string little(std::uint64_t number, std::size_t count);

/// UTF-16 with a NUL at its end; ASCII only.
[[nodiscard]] std::string utf16(std::string_view text);

struct TnefProperty {
    std::uint16_t id = 0;
    std::uint16_t type = 0;
    std::string value; // of a type of varying length: without its length
};

/// The content of attMAPIProps or attAttachment.
[[nodiscard]] std::string make_properties(const std::vector<TnefProperty>& properties);

/// With the right checksum.
[[nodiscard]] std::string make_attribute(std::uint8_t level, std::uint32_t id,
                                         std::string_view data);

/// Signature and key, then the attributes.
[[nodiscard]] std::string make_tnef(const std::vector<std::string>& attributes);

/// Header, octets that are all literals, end mark.
[[nodiscard]] std::string make_compressed_rtf(std::string_view rtf);

/// A message of every kind of piece: subject, bodies, an attachment with names in two notations,
/// one that is a message.
[[nodiscard]] std::string make_sample_tnef();

} // namespace watchpost::unpack::test
