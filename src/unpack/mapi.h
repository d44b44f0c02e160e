// The properties of Outlook's objects as TNEF carries them, and what they are called in .msg files.
// [MS-OXTNEF] §2.1.3.4, [MS-OXPROPS]. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace watchpost::unpack {

/// [MS-OXCDATA] §2.11.1.
enum class MapiType : std::uint16_t {
    object = 0x000D,
    string8 = 0x001E,
    string16 = 0x001F,
    binary = 0x0102
};

/// nullopt for types of numbers, lists and times.
[[nodiscard]] std::optional<MapiType> mapi_type(std::uint16_t number) noexcept;

/// [MS-OXPROPS]; those that hold what people see and open.
namespace mapi {
inline constexpr std::uint16_t subject = 0x0037;
inline constexpr std::uint16_t body_text = 0x1000;
inline constexpr std::uint16_t body_rtf = 0x1009; // compressed
inline constexpr std::uint16_t body_html = 0x1013;
inline constexpr std::uint16_t display_name = 0x3001;
inline constexpr std::uint16_t attach_data = 0x3701; // binary, or an object
inline constexpr std::uint16_t attach_filename = 0x3704;
inline constexpr std::uint16_t attach_long_filename = 0x3707;
inline constexpr std::uint16_t attach_rendering = 0x3709; // the picture shown for it
} // namespace mapi

struct MapiProperty {
    std::uint16_t id = 0;
    MapiType type = MapiType::binary;
    base::ByteView value; // one of several values is a call of its own
};

/// Gives the texts, binaries and objects among the properties; false where the stream does not
/// hold to its end.
[[nodiscard]] bool read_mapi_properties(base::ByteView stream,
                                        const std::function<void(const MapiProperty&)>& take);

/// UTF-8 of a text property, without the NUL at its end.
[[nodiscard]] std::string mapi_text(MapiType type, base::ByteView value);

/// The same up to the first NUL: how programs read a name.
[[nodiscard]] std::string mapi_name(MapiType type, base::ByteView value);

} // namespace watchpost::unpack
