#include "inspect/engines/attachment/ole_package.h"

#include "inspect/engines/attachment/little_endian.h"

namespace watchpost::inspect::attachment {

namespace {

constexpr std::size_t name_bytes_max = 4096;

std::optional<std::string_view> take_name(base::ByteView& rest)
{
    const std::string_view text = base::as_text(base::slice(rest, 0, name_bytes_max));
    const auto end = text.find('\0');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    rest = rest.subspan(end + 1);
    return text.substr(0, end);
}

} // namespace

std::optional<OlePackage> read_ole_package(base::ByteView stream)
{
    constexpr std::uint16_t package_type = 2;
    if (little_u16(stream, 4) != package_type) {
        return std::nullopt;
    }
    base::ByteView rest = stream.subspan(6);
    const auto label = take_name(rest);
    const auto path = label ? take_name(rest) : std::nullopt;
    const auto command_bytes = path ? little_u32(rest, 4) : std::nullopt; // after two words
    if (!command_bytes) {
        return std::nullopt;
    }
    rest = base::slice(rest, 8, rest.size());
    rest = base::slice(rest, *command_bytes, rest.size());
    const auto data_bytes = little_u32(rest, 0);
    OlePackage package{*label, *path, {}};
    if (data_bytes) {
        package.data = base::slice(rest, 4, *data_bytes);
    }
    return package;
}

} // namespace watchpost::inspect::attachment
