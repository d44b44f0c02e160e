// The octets of the objects and pictures in an RTF text, as hexadecimal digits give them between
// whatever else stands there. RTF specification 1.9.1, "Objects", "Pictures". Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace watchpost::unpack {

/// Where writers of attacks play with readers of RTF, and programs differ. Each combination is a
/// reading of its own.
struct RtfReading {
    enum class Destinations : std::uint8_t { skipped, read };  // {\*\x 41} among an object's digits
    enum class Escapes : std::uint8_t { ignored, drop_digit }; // \'41 after half an octet
    Destinations destinations = Destinations::skipped;
    Escapes escapes = Escapes::ignored;
};

struct RtfObject {
    enum class Kind : std::uint8_t { object, picture, data_store };
    Kind kind = Kind::object;
    base::Bytes octets;
    friend bool operator==(const RtfObject&, const RtfObject&) = default;
};

struct RtfObjects {
    std::vector<RtfObject> objects; // in the order in which they end; empty ones left out
    bool is_disputed = false;       // another reading may give other octets
    bool was_cut = false;           // there are more than objects_max
};

[[nodiscard]] RtfObjects read_rtf_objects(base::ByteView rtf, const RtfReading& reading,
                                          std::size_t objects_max);

} // namespace watchpost::unpack
