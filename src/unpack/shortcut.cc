#include "unpack/shortcut.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

// [MS-SHLLINK] §2.1.1 LinkFlags.
constexpr std::uint32_t has_id_list = 0x01;
constexpr std::uint32_t has_link_info = 0x02;
constexpr std::uint32_t has_name = 0x04;
constexpr std::uint32_t has_relative_path = 0x08;
constexpr std::uint32_t has_working_folder = 0x10;
constexpr std::uint32_t has_arguments = 0x20;
constexpr std::uint32_t has_icon = 0x40;
constexpr std::uint32_t is_unicode = 0x80;

class Shortcut {
public:
    explicit Shortcut(base::ByteView bytes) : bytes_{bytes}, flags_{u32_at(bytes, 20)}
    {
        constexpr std::size_t header_bytes = 76;
        at_ = header_bytes;
        if ((flags_ & has_id_list) != 0) {
            read_id_list();
        }
        if ((flags_ & has_link_info) != 0) {
            read_link_info();
        }
        read_texts();
        read_blocks();
    }

    [[nodiscard]] const std::vector<std::string>& targets() const noexcept { return targets_; }
    [[nodiscard]] const std::string& arguments() const noexcept { return arguments_; }
    [[nodiscard]] const std::string& icon() const noexcept { return icon_; }
    [[nodiscard]] base::ByteView rest() const { return base::slice(bytes_, at_, bytes_.size()); }

private:
    void add_target(std::string target)
    {
        if (!target.empty() && std::ranges::find(targets_, target) == targets_.end()) {
            targets_.push_back(std::move(target));
        }
    }

    void read_id_list();
    void read_link_info();
    void read_texts();
    void read_blocks();
    [[nodiscard]] std::string take_text();

    base::ByteView bytes_;
    std::uint32_t flags_;
    std::size_t at_ = 0;
    std::vector<std::string> targets_;
    std::string arguments_;
    std::string icon_;
};

/// [MS-SHLLINK] §2.2: what the shell's items mean is not written down there; drives, files and
/// addresses have the shapes that are read here.
void Shortcut::read_id_list()
{
    const std::size_t length = u16_at(bytes_, at_);
    auto rest = base::slice(bytes_, at_ + 2, length);
    at_ += 2 + length;
    std::string path;
    for (std::size_t size = u16_at(rest, 0); size >= 3 && size <= rest.size();
         size = u16_at(rest, 0)) {
        const auto item = rest.first(size);
        const unsigned kind = u8_at(item, 2);
        if ((kind & 0x70U) == 0x20) { // a drive
            path = name_until_nul(base::slice(item, 3, item.size()));
        } else if ((kind & 0x70U) == 0x30) { // a folder or file; 4: in UTF-16
            const auto name = base::slice(item, 14, item.size());
            path += path.empty() || path.ends_with('\\') ? "" : "\\";
            path += (kind & 4U) != 0 ? wide_name_until_nul(name) : name_until_nul(name);
        } else if (kind == 0x61) { // an address; 0x80: in UTF-16
            const auto address = base::slice(item, 6, item.size());
            add_target((u8_at(item, 3) & 0x80U) != 0 ? wide_name_until_nul(address)
                                                     : name_until_nul(address));
        }
        rest = rest.subspan(size);
    }
    add_target(std::move(path));
}

/// [MS-SHLLINK] §2.3.
void Shortcut::read_link_info()
{
    const auto info = base::slice(bytes_, at_, u32_at(bytes_, at_));
    at_ += std::max<std::size_t>(info.size(), 4);
    const auto text_at = [&](std::size_t field) {
        const auto offset = u32_at(info, field);
        return offset == 0 ? std::string{} : name_until_nul(base::slice(info, offset, info.size()));
    };
    const auto flags = u32_at(info, 8);
    const auto suffix = text_at(24);
    if ((flags & 1U) != 0) {
        add_target(text_at(16) + suffix);
    }
    constexpr std::size_t header_with_unicode = 0x24;
    if ((flags & 1U) != 0 && u32_at(info, 4) >= header_with_unicode && u32_at(info, 28) != 0) {
        add_target(wide_name_until_nul(base::slice(info, u32_at(info, 28), info.size())) +
                   wide_name_until_nul(base::slice(info, u32_at(info, 32), info.size())));
    }
    if ((flags & 2U) != 0) { // a share: §2.3.2
        const auto share = base::slice(info, u32_at(info, 20), info.size());
        const auto name = name_until_nul(base::slice(share, u32_at(share, 8), share.size()));
        add_target(suffix.empty() ? name : name + '\\' + suffix);
    }
}

/// [MS-SHLLINK] §2.4: a count of characters, then they.
std::string Shortcut::take_text()
{
    const std::size_t count = u16_at(bytes_, at_);
    const std::size_t octets = (flags_ & is_unicode) != 0 ? 2 * count : count;
    const auto text = base::slice(bytes_, at_ + 2, octets);
    at_ += 2 + octets;
    if ((flags_ & is_unicode) == 0) {
        return name_from_octets(base::as_text(text));
    }
    std::u16string units;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        units.push_back(u16_at(text, at));
    }
    return name_from_utf16(units);
}

void Shortcut::read_texts()
{
    const auto take_if = [this](std::uint32_t flag) {
        return (flags_ & flag) != 0 ? take_text() : std::string{};
    };
    static_cast<void>(take_if(has_name));
    add_target(take_if(has_relative_path));
    static_cast<void>(take_if(has_working_folder));
    arguments_ = take_if(has_arguments);
    icon_ = take_if(has_icon);
}

/// [MS-SHLLINK] §2.5: blocks until one that is shorter than its own length field.
void Shortcut::read_blocks()
{
    constexpr std::uint32_t environment_target = 0xA0000001;
    constexpr std::uint32_t environment_icon = 0xA0000007;
    constexpr std::size_t octets_bytes = 260;
    while (at_ + 4 <= bytes_.size()) {
        const std::size_t size = u32_at(bytes_, at_);
        const auto block = base::slice(bytes_, at_, size);
        if (size < 8 || block.size() < size) {
            at_ += size < 4 ? 4 : 0;
            return;
        }
        at_ += size;
        const auto kind = u32_at(block, 4);
        if (kind != environment_target && kind != environment_icon) {
            continue;
        }
        auto text = wide_name_until_nul(base::slice(block, 8 + octets_bytes, block.size()));
        if (text.empty()) {
            text = name_until_nul(base::slice(block, 8, octets_bytes));
        }
        kind == environment_icon ? icon_ = text : text;
        if (kind == environment_target) {
            targets_.insert(targets_.begin(), std::move(text)); // the shell tries it first
        }
    }
}

bool is_remote(std::string_view place)
{
    return place.starts_with("\\\\") || place.starts_with("//") ||
           place.find("://") != std::string_view::npos;
}

std::string_view trimmed(std::string_view text)
{
    constexpr auto blanks = " \t\r";
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    const auto end = text.find_last_not_of(blanks);
    return end == text.npos ? std::string_view{} : text.substr(begin, end + 1 - begin);
}

} // namespace

void unpack_shortcut(base::ByteView bytes, Meter& meter)
{
    const Shortcut shortcut{bytes};
    std::string command = shortcut.targets().empty() ? "" : shortcut.targets().front();
    command += shortcut.arguments().empty() ? "" : ' ' + shortcut.arguments();
    meter.refer({command, Reference::Kind::launch});
    for (std::size_t i = 1; i < shortcut.targets().size(); ++i) {
        meter.refer({shortcut.targets()[i], Reference::Kind::launch});
    }
    if (is_remote(shortcut.icon())) {
        meter.refer({shortcut.icon(), Reference::Kind::load});
    }
    meter.deliver_whole({"command.txt", base::as_bytes(command)});
    if (!shortcut.rest().empty()) {
        meter.deliver_whole({"appended", shortcut.rest()});
    }
}

void unpack_internet_shortcut(base::ByteView bytes, Meter& meter)
{
    constexpr std::size_t bytes_max = 65'536;
    auto text = base::as_text(base::slice(bytes, 0, bytes_max));
    while (!text.empty() && meter.has_time()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto sign = line.find('=');
        if (sign == line.npos) {
            continue;
        }
        const auto key = base::lower_case(trimmed(line.substr(0, sign)));
        const auto value = trimmed(line.substr(sign + 1));
        if (key == "url" || key == "baseurl") {
            meter.refer({value, Reference::Kind::link});
        } else if ((key == "iconfile" || key == "workingdirectory") && is_remote(value)) {
            meter.refer({value, Reference::Kind::load});
        }
    }
}

} // namespace watchpost::unpack
