#include "unpack/seven_zip.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include <zlib.h>

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

struct Type {
    std::string_view format;
    std::string_view name;
};

constexpr auto types = std::to_array<Type>({{"7z", "7z"},
                                            {"arj", "arj"},
                                            {"chm", "chm"},
                                            {"dmg", "dmg"},
                                            {"ext", "ext"},
                                            {"ntfs", "ntfs"},
                                            {"qcow", "qcow"},
                                            {"rpm", "rpm"},
                                            {"udf", "udf"},
                                            {"vhdx", "vhdx"},
                                            {"vmdk", "vmdk"},
                                            {"wim", "wim"}});

std::string_view take_line(std::string_view& text)
{
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::optional<std::uint32_t> parse_crc(std::string_view digits)
{
    constexpr int hexadecimal = 16;
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal);
    const bool is_whole =
        error == std::errc{} && end == digits.data() + digits.size() && digits.size() == 8;
    return is_whole ? std::optional{value} : std::nullopt;
}

constexpr std::array wanted_keys{"Path"sv,      "Size"sv,   "CRC"sv,
                                 "Encrypted"sv, "Folder"sv, "Attributes"sv};

struct Entry {
    ListedMember member;
    bool is_folder = false;
    std::array<bool, wanted_keys.size()> has{}; // which keys
};

/// The disk in an image of one has no path.
bool begins_entry(std::string_view key)
{
    return key == "Path"sv || key == "Size"sv;
}

void take_property(std::string_view key, std::string_view value, Entry& entry)
{
    // The first counts: a comment of several lines stands behind, and may hold anything.
    const auto number = static_cast<std::size_t>(
        std::distance(wanted_keys.begin(), std::ranges::find(wanted_keys, key)));
    if (number == wanted_keys.size() || std::exchange(entry.has[number], true)) {
        return;
    }
    if (key == "Path"sv) {
        entry.member.name = value;
    } else if (key == "Size"sv) {
        entry.member.size = base::parse_decimal(value);
    } else if (key == "CRC"sv) {
        entry.member.crc = parse_crc(value);
    } else if (key == "Encrypted"sv) {
        entry.member.is_encrypted = value == "+"sv;
    } else if (key == "Folder"sv) {
        entry.is_folder = value == "+"sv;
    } else if (key == "Attributes"sv) {
        entry.is_folder = entry.is_folder || value.starts_with('D');
    }
}

class ListReader {
public:
    explicit ListReader(std::size_t members_max) : members_max_{members_max} {}

    void take(std::string_view line)
    {
        constexpr auto equals = " = "sv;
        const bool is_first = std::exchange(is_behind_gap_, line.empty());
        const auto at = line.find(equals);
        if (at == line.npos) {
            return;
        }
        const auto key = line.substr(0, at);
        if (is_first && begins_entry(key)) {
            close();
            entry_.emplace();
        }
        if (entry_) {
            take_property(key, line.substr(at + equals.size()), *entry_);
        }
    }

    SevenZipList finish()
    {
        close();
        return std::move(list_);
    }

    [[nodiscard]] bool is_cut() const noexcept { return list_.is_cut; }

private:
    void close()
    {
        const auto entry = std::exchange(entry_, std::nullopt);
        if (!entry || entry->is_folder) {
            return;
        }
        if (list_.members.size() >= members_max_) {
            list_.is_cut = true;
            return;
        }
        list_.members.push_back(entry->member);
        if (list_.members.back().name.empty()) {
            list_.members.back().name = "disk";
        }
    }

    std::size_t members_max_;
    bool is_behind_gap_ = true; // an empty line, which parts the entries
    std::optional<Entry> entry_;
    SevenZipList list_;
};

} // namespace

std::string_view seven_zip_type(std::string_view format) noexcept
{
    const auto* const row = std::ranges::find(types, format, &Type::format);
    return row == types.end() ? std::string_view{} : row->name;
}

SevenZipList parse_seven_zip_list(std::string_view text, std::size_t members_max)
{
    constexpr auto begin = "----------"sv; // behind what it says of the archive
    ListReader reader{members_max};
    bool is_in_list = false;
    while (!text.empty() && !reader.is_cut()) {
        const auto line = take_line(text);
        if (!is_in_list) {
            is_in_list = line == begin;
            continue;
        }
        reader.take(line);
    }
    return reader.finish();
}

MemberSplitter::MemberSplitter(const SevenZipList& list, std::uint64_t member_bytes_max)
    : list_{list}
    , member_bytes_max_{member_bytes_max}
{
    complete_empty();
}

const ListedMember* MemberSplitter::current() const noexcept
{
    return next_ < list_.members.size() ? &list_.members[next_] : nullptr;
}

/// Those of size 0 put nothing out.
void MemberSplitter::complete_empty()
{
    while (current() != nullptr && current()->size == std::uint64_t{0} && content_.empty()) {
        complete(false, false);
    }
}

void MemberSplitter::complete(bool is_short, bool is_cut)
{
    const auto* const listed = current();
    const bool has_wrong_crc = listed != nullptr && listed->crc && !is_cut && *listed->crc != crc_;
    pieces_.push_back({listed, std::move(content_), is_short, is_cut, has_wrong_crc});
    content_ = {};
    crc_ = 0;
    ++next_;
}

void MemberSplitter::feed(ByteView bytes)
{
    while (!bytes.empty() && !is_over_) {
        const auto* const listed = current();
        const std::uint64_t size =
            listed != nullptr ? listed->size.value_or(UINT64_MAX) : UINT64_MAX;
        const auto wanted = std::min(size, member_bytes_max_) - content_.size();
        const auto part =
            bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), wanted)));
        content_.insert(content_.end(), part.begin(), part.end());
        crc_ = static_cast<std::uint32_t>(
            ::crc32_z(crc_, reinterpret_cast<const Bytef*>(part.data()), part.size()));
        bytes = bytes.subspan(part.size());
        if (content_.size() == size) {
            complete(false, false);
            complete_empty();
        } else if (content_.size() >= member_bytes_max_ && !bytes.empty()) {
            complete(false, true);
            is_over_ = true;
        }
    }
}

void MemberSplitter::finish()
{
    if (is_over_) {
        return;
    }
    const auto* const listed = current();
    if (!content_.empty()) {
        complete(listed != nullptr && listed->size.has_value(), false);
    }
    while (current() != nullptr) { // listed, but nothing came of them
        complete(current()->size != std::uint64_t{0}, false);
    }
    is_over_ = true;
}

std::optional<MemberSplitter::Piece> MemberSplitter::take()
{
    if (pieces_.empty()) {
        return std::nullopt;
    }
    auto piece = std::move(pieces_.front());
    pieces_.pop_front();
    return piece;
}

} // namespace watchpost::unpack
