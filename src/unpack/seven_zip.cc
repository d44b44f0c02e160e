#include "unpack/seven_zip.h"

#include <algorithm>
#include <array>
#include <charconv>
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
    const auto* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value, hexadecimal);
    const bool is_whole = parsed.ec == std::errc{} && parsed.ptr == end && digits.size() == 8;
    return is_whole ? std::optional{value} : std::nullopt;
}

struct Entry {
    ListedMember member;
    bool is_folder = false;
};

void take_property(std::string_view key, std::string_view value, Entry& entry)
{
    if (key == "Size"sv) {
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

    void take(std::string_view key, std::string_view value)
    {
        if (key == "Path"sv) {
            close();
            entry_.emplace();
            entry_->member.name = value;
        } else if (entry_) {
            take_property(key, value, *entry_);
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
    }

    std::size_t members_max_;
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
    constexpr auto equals = " = "sv;
    ListReader reader{members_max};
    bool is_in_list = false;
    while (!text.empty() && !reader.is_cut()) {
        const auto line = take_line(text);
        if (!is_in_list) {
            is_in_list = line == begin;
            continue;
        }
        const auto at = line.find(equals);
        if (at != line.npos) {
            reader.take(line.substr(0, at), line.substr(at + equals.size()));
        }
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
