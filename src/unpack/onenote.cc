#include "unpack/onenote.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

using namespace std::string_view_literals;

// [MS-ONESTORE] §2.6.13: the GUIDs before and behind a file's data.
constexpr auto header_mark = "\xE7\x16\xE3\xBD\x65\x26\x11\x45\xA4\xC4\x8D\x4D\x0B\x7A\x9E\xAC"sv;
constexpr auto footer_mark = "\x22\xA7\xFB\x71\x79\x0F\x0B\x4A\xBB\x13\x89\x92\x56\x42\x6B\x24"sv;

struct Blob {
    base::ByteView data;
    bool is_whole = true;
};

std::vector<Blob> find_blobs(base::ByteView section, std::size_t blobs_max)
{
    constexpr std::size_t head_bytes = 36; // mark, length, 12 octets without meaning
    const auto text = base::as_text(section);
    std::vector<Blob> blobs;
    for (auto at = text.find(header_mark); at != text.npos && blobs.size() < blobs_max;
         at = text.find(header_mark, at + header_mark.size())) {
        const auto length = u64_at(section, at + header_mark.size());
        const auto data = base::slice(section, at + head_bytes, length);
        const auto behind = at + head_bytes + (data.size() + 7) / 8 * 8;
        blobs.push_back({data, data.size() == length && has_at(section, behind, footer_mark)});
    }
    return blobs;
}

bool is_name_unit(char16_t unit)
{
    return unit >= u' ' && unit != 0x7F &&
           std::u16string_view{u"<>:\"/\\|?*"}.find(unit) == std::u16string_view::npos;
}

bool has_extension(std::u16string_view name)
{
    constexpr std::size_t extension_units_max = 6;
    const auto dot = name.rfind(u'.');
    return dot != name.npos && dot > 0 && dot + 1 < name.size() &&
           name.size() - dot - 1 <= extension_units_max &&
           std::ranges::all_of(name.substr(dot + 1), [](char16_t c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') ||
                      (c >= u'A' && c <= u'Z');
           });
}

/// A text as properties hold it: its length in octets, UTF-16, a NUL.
std::u16string text_at(base::ByteView section, std::size_t at)
{
    constexpr std::size_t bytes_max = 520; // a name has at most 255 characters
    const std::size_t bytes = u32_at(section, at);
    std::u16string units;
    if (bytes < 8 || bytes > bytes_max || bytes % 2 != 0 ||
        u16_at(section, at + 4 + bytes - 2) != 0) {
        return units;
    }
    for (std::size_t i = 0; i + 2 < bytes; i += 2) {
        units.push_back(u16_at(section, at + 4 + i));
    }
    return std::ranges::all_of(units, is_name_unit) && has_extension(units) ? units
                                                                            : std::u16string{};
}

/// The texts of the section that look like names of files, each once.
std::vector<std::string> find_names(base::ByteView section, std::size_t names_max)
{
    std::vector<std::string> names;
    for (std::size_t at = 0; at + 12 < section.size() && names.size() < names_max; ++at) {
        if (u16_at(section, at + 2) != 0 || u16_at(section, at) < 8) {
            continue; // no length that a name can have
        }
        const auto units = text_at(section, at);
        auto name = units.empty() ? std::string{} : name_from_utf16(units);
        if (!name.empty() && std::ranges::find(names, name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

bool is_picture(base::ByteView data)
{
    return has_at(data, 0, "\x89PNG"sv) || has_at(data, 0, "\xFF\xD8\xFF"sv) ||
           has_at(data, 40, " EMF"sv);
}

} // namespace

void unpack_onenote(base::ByteView bytes, Meter& meter)
{
    constexpr std::size_t names_max = 1000;
    const auto names = find_names(bytes, names_max);
    std::size_t next_name = 0;
    std::size_t number = 0;
    for (const auto& blob : find_blobs(bytes, meter.entries_left() + 1)) {
        ++number;
        const bool takes_name = !is_picture(blob.data) && next_name < names.size();
        const auto name = takes_name ? names[next_name++] : "file " + std::to_string(number);
        meter.deliver_whole({name, blob.data});
        if (meter.is_over()) {
            return;
        }
        if (!blob.is_whole) {
            meter.tell(name, "damaged_archive", "the embedded file ends before its length");
        }
    }
}

} // namespace watchpost::unpack
