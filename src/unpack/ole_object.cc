#include "unpack/ole_object.h"

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

/// [MS-OLEDS] §2.1.4: a length, then that many octets with a NUL at their end.
std::optional<std::string_view> take_text(base::ByteView& rest)
{
    if (rest.size() < 4) {
        return std::nullopt;
    }
    const std::size_t count = u32_at(rest, 0);
    const auto text = base::as_text(base::slice(rest, 4, count));
    if (text.size() < count) {
        return std::nullopt;
    }
    rest = rest.subspan(4 + count);
    return text.substr(0, text.find('\0'));
}

} // namespace

std::optional<OleObject> read_ole_object(base::ByteView bytes)
{
    constexpr std::size_t version_and_format_bytes = 8; // programs look at neither version
    constexpr std::uint32_t linked = 1;
    constexpr std::uint32_t embedded = 2;
    const auto format = u32_at(bytes, 4);
    auto rest = base::slice(bytes, version_and_format_bytes, bytes.size());
    const auto class_name = take_text(rest);
    const auto topic = class_name ? take_text(rest) : std::nullopt;
    const auto item = topic ? take_text(rest) : std::nullopt;
    if (!item || (format != linked && format != embedded)) {
        return std::nullopt;
    }
    OleObject object{*class_name, *topic, {}, false};
    if (format == embedded) {
        const std::size_t count = u32_at(rest, 0);
        object.native_data = base::slice(rest, 4, count);
        object.is_cut = object.native_data.size() < count;
    }
    return object;
}

} // namespace watchpost::unpack
