#include "unpack/pgp.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::size_t looked_at_bytes = std::size_t{256} << 10U;
constexpr auto armour_head = "-----BEGIN PGP MESSAGE"sv; // "…, PART 1/2-----" was known, too

// Packet types, RFC 9580 §5.
constexpr unsigned public_key_session = 1;
constexpr unsigned symmetric_key_session = 3;
constexpr std::array<unsigned, 5> following_types{1, 3, 9, 18, 20}; // more keys, or what they open
constexpr std::array<unsigned, 7> public_key_algorithms{1, 2, 3, 16, 18, 25, 26}; // §9.1

struct Packet {
    unsigned type = 0;
    std::size_t body = 0; // offset
    std::size_t size = 0;
};

std::size_t big_endian(ByteView bytes, std::size_t at, std::size_t octets)
{
    std::size_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) {
        value = value << 8U | u8_at(bytes, at + i);
    }
    return value;
}

/// RFC 9580 §4.2. Session keys have lengths that are known.
std::optional<Packet> first_packet(ByteView bytes)
{
    const auto head = u8_at(bytes, 0);
    if ((head & 0x80U) == 0) {
        return std::nullopt;
    }
    if ((head & 0x40U) == 0) { // of the old format
        const std::size_t octets = (head & 3U) == 3 ? 0 : std::size_t{1} << (head & 3U);
        return Packet{head >> 2U & 0xFU, 1 + octets, big_endian(bytes, 1, octets)};
    }
    const auto length = u8_at(bytes, 1);
    if (length < 192) {
        return Packet{head & 0x3FU, 2, length};
    }
    if (length < 224) {
        return Packet{head & 0x3FU, 3, ((length - 192U) << 8U) + u8_at(bytes, 2) + 192U};
    }
    return Packet{head & 0x3FU, 2, 0}; // longer, or in pieces: no session key, but may follow one
}

template <std::size_t n>
bool is_one_of(unsigned value, const std::array<unsigned, n>& values)
{
    return std::ranges::find(values, value) != values.end();
}

/// §5.1, §5.3: the octets of the body that can be checked.
bool is_session_key(const Packet& packet, ByteView body)
{
    const auto version = u8_at(body, 0);
    if (packet.type == public_key_session) {
        return version == 6 || (version == 3 && is_one_of(u8_at(body, 9), public_key_algorithms));
    }
    return packet.type == symmetric_key_session &&
           (version == 5 || version == 6 ||
            (version == 4 && u8_at(body, 1) <= 13 && u8_at(body, 2) <= 4));
}

/// A packet of a session key, and another one behind it that may follow.
bool begins_with_session_key(ByteView bytes)
{
    const auto packet = first_packet(bytes);
    if (!packet || packet->size < 4 || packet->size > 4'096) {
        return false;
    }
    const auto next = first_packet(base::slice(bytes, packet->body + packet->size, bytes.size()));
    return is_session_key(*packet, base::slice(bytes, packet->body, packet->size)) && next &&
           is_one_of(next->type, following_types);
}

} // namespace

bool holds_pgp_message(ByteView bytes)
{
    if (begins_with_session_key(bytes)) {
        return true;
    }
    const auto text = base::as_text(base::slice(bytes, 0, looked_at_bytes));
    for (auto at = text.find(armour_head); at != text.npos; at = text.find(armour_head, at + 1)) {
        if (at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r') {
            return true;
        }
    }
    return false;
}

} // namespace watchpost::unpack
