#include "unpack/ole_package.h"

#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {

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

std::string_view without_folders(std::string_view path)
{
    const auto cut = path.find_last_of("\\/");
    return cut == std::string_view::npos ? path : path.substr(cut + 1);
}

} // namespace

std::optional<OlePackage> read_ole_package(base::ByteView stream)
{
    constexpr std::size_t length_bytes = 4;
    return read_bare_ole_package(base::slice(stream, length_bytes, stream.size()));
}

std::optional<OlePackage> read_bare_ole_package(base::ByteView data)
{
    constexpr std::uint16_t package_type = 2;
    if (data.size() < 2 || u16_at(data, 0) != package_type) {
        return std::nullopt;
    }
    base::ByteView rest = data.subspan(2);
    const auto label = take_name(rest);
    const auto path = label ? take_name(rest) : std::nullopt;
    if (!path || rest.size() < 8) {
        return std::nullopt;
    }
    const std::size_t command_bytes = u32_at(rest, 4); // after two words
    rest = base::slice(rest, 8, rest.size());
    rest = base::slice(rest, command_bytes, rest.size());
    return OlePackage{*label, *path, base::slice(rest, 4, u32_at(rest, 0))};
}

std::string name_of(const OlePackage& package)
{
    const auto label = without_folders(package.label);
    return name_from_octets(label.empty() ? without_folders(package.path) : label);
}

std::string other_name_of(const OlePackage& package)
{
    auto name = name_from_octets(without_folders(package.path));
    return name == name_of(package) ? std::string{} : name;
}

} // namespace watchpost::unpack
