#include "unpack/mapi.h"

#include <optional>

#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

constexpr std::uint16_t multi_value_flag = 0x1000;
constexpr std::uint16_t first_named_id = 0x8000;

/// Reads forward; what lies beyond the end makes it fail, and stay so.
class Cursor {
public:
    explicit Cursor(base::ByteView bytes) : bytes_{bytes} {}

    [[nodiscard]] bool holds() const noexcept { return holds_; }

    base::ByteView take(std::size_t count)
    {
        if (count > bytes_.size() - at_) {
            holds_ = false;
            count = bytes_.size() - at_;
        }
        const auto piece = bytes_.subspan(at_, count);
        at_ += count;
        return piece;
    }
    std::uint16_t u16() { return u16_at(take(2), 0); }
    std::uint32_t u32() { return u32_at(take(4), 0); }
    /// Values end on a multiple of four; the last one of a stream may not.
    void align()
    {
        const std::size_t gap = (4 - at_ % 4) % 4;
        at_ += std::min(gap, bytes_.size() - at_);
    }

private:
    base::ByteView bytes_;
    std::size_t at_ = 0;
    bool holds_ = true;
};

/// Octets of one value with its padding; nullopt for types of varying length and unknown ones.
std::optional<std::size_t> fixed_bytes(std::uint16_t type)
{
    switch (type) {
    case 0x0000: // unspecified
    case 0x0001: // null
        return 0;
    case 0x0002: // 16-bit integer
    case 0x0003: // 32-bit integer
    case 0x0004: // 32-bit float
    case 0x000A: // error
    case 0x000B: // boolean
        return 4;
    case 0x0005: // 64-bit float
    case 0x0006: // currency
    case 0x0007: // floating time
    case 0x0014: // 64-bit integer
    case 0x0040: // time
        return 8;
    case 0x0048: // GUID
        return 16;
    default:
        return std::nullopt;
    }
}

/// A GUID, then a number or a text in UTF-16.
void skip_name(Cursor& cursor)
{
    constexpr std::size_t guid_bytes = 16;
    static_cast<void>(cursor.take(guid_bytes));
    const bool is_number = cursor.u32() == 0;
    const std::uint32_t number_or_length = cursor.u32();
    if (!is_number) {
        static_cast<void>(cursor.take(number_or_length));
        cursor.align();
    }
}

bool read_property(Cursor& cursor, const std::function<void(const MapiProperty&)>& take)
{
    const auto full_type = cursor.u16();
    const auto id = cursor.u16();
    const auto type = static_cast<std::uint16_t>(full_type & ~multi_value_flag);
    if (id >= first_named_id) {
        skip_name(cursor);
    }
    const auto fixed = fixed_bytes(type);
    const auto text_type = mapi_type(type);
    if (!fixed && !text_type) {
        return false;
    }
    const bool is_counted = !fixed || (full_type & multi_value_flag) != 0;
    const std::uint32_t count = is_counted ? cursor.u32() : 1;
    if (fixed && *fixed == 0) {
        return cursor.holds();
    }
    for (std::uint32_t i = 0; i < count && cursor.holds(); ++i) {
        const auto value = cursor.take(fixed ? *fixed : cursor.u32());
        cursor.align();
        if (text_type) {
            take({id, *text_type, value});
        }
    }
    return cursor.holds();
}

std::u16string units_of(base::ByteView value)
{
    std::u16string units(value.size() / 2, u'\0');
    for (std::size_t i = 0; i < units.size(); ++i) {
        units[i] = u16_at(value, 2 * i);
    }
    return units;
}

} // namespace

std::optional<MapiType> mapi_type(std::uint16_t number) noexcept
{
    for (const auto type :
         {MapiType::object, MapiType::string8, MapiType::string16, MapiType::binary}) {
        if (static_cast<std::uint16_t>(type) == number) {
            return type;
        }
    }
    return std::nullopt;
}

bool read_mapi_properties(base::ByteView stream,
                          const std::function<void(const MapiProperty&)>& take)
{
    Cursor cursor{stream};
    const std::uint32_t count = cursor.u32();
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!read_property(cursor, take)) {
            return false;
        }
    }
    return cursor.holds();
}

std::string mapi_text(MapiType type, base::ByteView value)
{
    if (type == MapiType::string16) {
        auto units = units_of(value);
        while (!units.empty() && units.back() == u'\0') {
            units.pop_back();
        }
        return name_from_utf16(units);
    }
    std::string text{base::as_text(value)};
    while (!text.empty() && text.back() == '\0') {
        text.pop_back();
    }
    return text;
}

std::string mapi_name(MapiType type, base::ByteView value)
{
    return type == MapiType::string16 ? wide_name_until_nul(value) : name_until_nul(value);
}

} // namespace watchpost::unpack
