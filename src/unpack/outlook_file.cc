#include "unpack/outlook_file.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

using namespace std::string_view_literals;

constexpr auto attachment_mark = "__attach_version1.0_"sv; // begins a storage's name
constexpr auto property_mark = "__substg1.0_"sv;           // then id and type in eight digits

struct StreamName {
    std::string folder; // with "/" at its end, or empty
    std::uint16_t id = 0;
    MapiType type = MapiType::binary;
};

std::uint16_t big_endian(base::ByteView octets, std::size_t at)
{
    return static_cast<std::uint16_t>(u8_at(octets, at) << 8U | u8_at(octets, at + 1));
}

/// [MS-OXMSG] §2.2.1: nullopt for streams of another kind, and for values of lists.
std::optional<StreamName> read_name(const std::string& path)
{
    constexpr std::size_t digits = 8;
    const auto cut = path.rfind('/');
    const std::size_t begin = cut == std::string::npos ? 0 : cut + 1;
    const auto name = std::string_view{path}.substr(begin);
    if (!name.starts_with(property_mark) || name.size() != property_mark.size() + digits) {
        return std::nullopt;
    }
    const auto tag = base::parse_hex(name.substr(property_mark.size()));
    const auto type = tag ? mapi_type(big_endian(*tag, 2)) : std::nullopt;
    if (!type) {
        return std::nullopt;
    }
    return StreamName{path.substr(0, begin), big_endian(*tag, 0), *type};
}

bool is_of_attachment(std::string_view folder)
{
    const auto end = folder.size() < 2 ? folder.npos : folder.rfind('/', folder.size() - 2);
    return folder.substr(end == folder.npos ? 0 : end + 1).starts_with(attachment_mark);
}

} // namespace

bool OutlookFile::is_one(const std::vector<OleStream>& streams)
{
    return std::ranges::any_of(
        streams, [](const OleStream& stream) { return stream.path == "__properties_version1.0"; });
}

OutlookFile::OutlookFile(const std::vector<OleStream>& streams,
                         const std::function<base::Bytes(const OleStream&)>& read)
{
    for (const auto& stream : streams) {
        const auto name = read_name(stream.path);
        if (!name || !is_of_attachment(name->folder)) {
            continue;
        }
        const auto keep = [&](std::string& text) { text = mapi_name(name->type, read(stream)); };
        if (name->id == mapi::attach_long_filename) {
            keep(names_[name->folder].long_name);
        } else if (name->id == mapi::attach_filename) {
            keep(names_[name->folder].short_name);
        } else if (name->id == mapi::display_name) {
            keep(names_[name->folder].display_name);
        }
    }
}

std::string OutlookFile::shown_name(const std::string& folder) const
{
    const auto known = names_.find(folder);
    if (known != names_.end()) {
        const auto& names = known->second;
        for (const auto* name : {&names.long_name, &names.short_name, &names.display_name}) {
            if (!name->empty()) {
                return *name;
            }
        }
    }
    return "attachment";
}

/// An attached message is a storage within that of its attachment: its streams are shown below the
/// attachment's name. Other storages keep theirs.
std::string OutlookFile::shown_folder(const std::string& folder) const
{
    constexpr auto message_storage = "__substg1.0_3701000D/"sv;
    std::string shown;
    std::size_t at = 0;
    while (at < folder.size()) {
        const auto end = folder.find('/', at) + 1;
        const auto step = std::string_view{folder}.substr(at, end - at);
        if (step.starts_with(attachment_mark) &&
            std::string_view{folder}.substr(end).starts_with(message_storage)) {
            shown += shown_name(folder.substr(0, end)) + '/';
            at = end + message_storage.size();
        } else {
            shown += step;
            at = end;
        }
    }
    return shown;
}

OutlookStream OutlookFile::describe(const std::string& path) const
{
    const auto name = read_name(path);
    if (!name) {
        return {path, {}};
    }
    OutlookStream stream{shown_folder(name->folder), {}, name->type};
    if (is_of_attachment(name->folder)) {
        if (name->id != mapi::attach_data) {
            return {path, {}};
        }
        const auto parent = name->folder.rfind('/', name->folder.size() - 2);
        const auto above = parent == std::string::npos ? 0 : parent + 1;
        stream.name = shown_folder(name->folder.substr(0, above)) + shown_name(name->folder);
        const auto known = names_.find(name->folder);
        const bool has_other = known != names_.end() && !known->second.long_name.empty();
        stream.other_name = has_other ? known->second.short_name : std::string{};
        return stream;
    }
    switch (name->id) {
    case mapi::subject:
        stream.name += "subject.txt";
        return stream;
    case mapi::body_text:
        stream.name += "body.txt";
        return stream;
    case mapi::body_html:
        stream.name += "body.html";
        return stream;
    case mapi::body_rtf:
        stream.name += "body.rtf";
        stream.is_compressed_rtf = true;
        return stream;
    default:
        return {path, {}};
    }
}

} // namespace watchpost::unpack
