#include "unpack/zip.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "unpack/little_endian.h"
#include "unpack/zip_directory.h"
#include "unpack/zip_entry_header.h"
#include "unpack/zip_member.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;

constexpr std::uint16_t stored = 0; // method, APPNOTE 4.4.5

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Readers that go by the local header would see another file than those that go by the directory.
/// Sizes of zero that are to follow behind the data say nothing.
bool is_contradicted(const ZipEntry& listed, const ZipEntry& local)
{
    const bool sizes =
        local.has_sums && local.packed_bytes != 0 && local.packed_bytes != listed.packed_bytes;
    return sizes || local.raw_name != listed.raw_name || local.name() != listed.name() ||
           local.method != listed.method || local.is_encrypted() != listed.is_encrypted();
}

class ZipWalk {
public:
    ZipWalk(ByteView bytes, Passwords& passwords, Meter& meter)
        : bytes_{bytes}
        , meter_{meter}
        , member_{passwords, meter}
        , directory_{read_zip_directory(bytes, meter.entries_left() + 1)}
    {
    }

    void run()
    {
        for (const auto& entry : directory_.entries) {
            covered_.push_back({entry.listed_at, entry.listed_at + entry.listed_bytes});
            begins_.push_back(entry.header_offset);
        }
        begins_.push_back(directory_.begin);
        std::ranges::sort(begins_);
        for (const auto& entry : directory_.entries) {
            if (!meter_.is_over() && meter_.admit_entry()) {
                read_listed(entry);
            }
        }
        read_unlisted();
        for (const auto& entry : read_other_zip_directories(bytes_, meter_.entries_left() + 1)) {
            read_listed_elsewhere(entry);
        }
        if (meter_.is_over()) {
            return;
        }
        if (!directory_.found) {
            meter_.tell("", "damaged_archive", "the archive's directory is missing or damaged");
        } else if (directory_.was_cut) {
            meter_.tell("", "damaged_archive", "the archive's directory breaks off");
        }
    }

private:
    /// What a reading of a member is made from; equal ones are read once.
    using Reading = std::tuple<std::uint64_t, std::uint16_t, bool, std::uint64_t, std::string_view>;

    [[nodiscard]] static Reading reading_of(const ZipEntry& entry)
    {
        return {entry.header_offset, entry.method, entry.is_encrypted(), entry.packed_bytes,
                entry.raw_name};
    }

    void read_listed(const ZipEntry& entry)
    {
        readings_.insert(reading_of(entry));
        const auto name = entry.name();
        auto local = read_zip_local(bytes_, entry.header_offset);
        if (!local) {
            meter_.tell(name, "damaged_archive", "its data are not where the directory says");
            local = read_zip_local_without_magic(bytes_, entry.header_offset);
            if (!local) {
                return;
            }
        }
        const auto data = base::slice(bytes_, local->data_offset, entry.packed_bytes);
        const auto header = make_zip_entry_header(entry, *local);
        const auto used = member_.read(entry, name, header, data);
        // Octets behind the end of the compressed data are nobody's: looked through below.
        const auto data_used = used > header.size() ? used - header.size() : data.size();
        auto end =
            local->data_offset + std::min<std::uint64_t>(data_used, streamed_bytes(*local, data));
        if (used == 0 || entry.method == stored || data.empty()) {
            read_beyond(entry, *local, data.size());
        }
        if (!meter_.is_over() && is_contradicted(entry, local->entry) && meter_.admit_entry()) {
            const auto other_name = local->entry.name();
            const auto other_end = read_local(*local, other_name);
            if (other_end > local->data_offset) { // who reads it so goes on from there
                end = std::min(end, other_end);
            }
            meter_.tell(other_name, "zip_hidden_entries",
                        "its local header contradicts the archive's directory");
        }
        covered_.push_back({entry.header_offset, end});
    }

    /// Where a program that goes by the local header alone takes stored data to end: at a data
    /// descriptor (APPNOTE 4.3.9) that gives just their size.
    [[nodiscard]] static std::uint64_t streamed_bytes(const ZipLocal& local, ByteView data)
    {
        constexpr std::string_view magic{"PK\x07\x08"};
        const auto text = base::as_text(data);
        if (!local.entry.has_sizes_behind_data() || local.entry.method != stored) {
            return data.size();
        }
        for (auto at = text.find(magic); at != text.npos; at = text.find(magic, at + 1)) {
            if (u32_at(data, at + 8) == at) {
                return at;
            }
        }
        return data.size();
    }

    /// More octets stand before the next member than the directory says are this one's: programs
    /// that take the size from elsewhere read on.
    void read_beyond(const ZipEntry& entry, const ZipLocal& local, std::uint64_t size)
    {
        constexpr std::uint64_t descriptor_bytes_max = 24; // APPNOTE 4.3.9
        constexpr std::string_view signing_block{"APK Sig Block 42"};
        const auto next = std::ranges::upper_bound(begins_, local.entry.header_offset);
        const auto from = local.data_offset + size;
        if (next == begins_.end() || *next < from || *next - from <= descriptor_bytes_max ||
            entry.is_encrypted() || has_at(bytes_, *next - signing_block.size(), signing_block) ||
            find_zip_local(bytes_, from, *next) < *next || meter_.is_over() ||
            !meter_.admit_entry()) {
            return;
        }
        ZipEntry longer = entry;
        longer.packed_bytes = *next - local.data_offset;
        longer.unpacked_bytes = longer.packed_bytes;
        longer.has_sums = false;
        const auto header = make_zip_entry_header(longer, local);
        const auto name = entry.name();
        member_.read(longer, name, header,
                     base::slice(bytes_, local.data_offset, longer.packed_bytes));
        meter_.tell(name, "zip_hidden_entries",
                    "more octets than its size says stand before the next member");
    }

    void read_listed_elsewhere(const ZipEntry& entry)
    {
        if (!meter_.is_over() && readings_.count(reading_of(entry)) == 0 && meter_.admit_entry()) {
            read_listed(entry);
            meter_.tell(entry.name(), "zip_hidden_entries",
                        "it is listed outside of the directory that most programs show");
        }
    }

    void read_unlisted()
    {
        auto covered = covered_; // what is found on the way may add to it
        std::ranges::sort(covered, {}, &Range::begin);
        std::uint64_t at = 0;
        for (const auto& range : covered) {
            read_unlisted_in({at, range.begin});
            at = std::max(at, range.end);
        }
        read_unlisted_in({at, bytes_.size()});
    }

    void read_unlisted_in(Range range)
    {
        for (auto at = range.begin; !meter_.is_over() && at < range.end;) {
            at = find_zip_local(bytes_, at, range.end);
            const auto local = at < range.end ? read_zip_local(bytes_, at) : std::nullopt;
            if (!local || !meter_.admit_entry()) {
                break;
            }
            readings_.insert(reading_of(local->entry));
            const auto name = local->entry.name();
            at = std::max(local->data_offset, read_local(*local, name));
            if (directory_.found) {
                meter_.tell(name, "zip_hidden_entries",
                            "it stands in the archive but not in its directory");
            }
        }
        for (auto at = range.begin; !meter_.is_over() && directory_.found && at < range.end;) {
            const auto entry = find_zip_central(bytes_, at, range.end);
            if (!entry) {
                return;
            }
            at = entry->listed_at + 1;
            read_listed_elsewhere(*entry);
        }
    }

    /// By the local header alone. Returns where it ends if it was read to its end, else 0: its
    /// sizes may be there to hide what follows.
    std::uint64_t read_local(const ZipLocal& local, const std::string& name)
    {
        const auto from = local.entry.header_offset;
        const auto used =
            member_.read(local.entry, name, {}, base::slice(bytes_, from, bytes_.size()));
        return used == 0 ? 0 : from + used;
    }

    ByteView bytes_;
    Meter& meter_; // borrowed for the walk
    ZipMemberReader member_;
    ZipDirectory directory_;
    std::vector<Range> covered_;        // by the directory and the members that it lists
    std::vector<std::uint64_t> begins_; // of listed members and of the directory, in order
    std::set<Reading> readings_;
};

} // namespace

void unpack_zip(ByteView bytes, Passwords& passwords, Meter& meter)
{
    ZipWalk{bytes, passwords, meter}.run();
}

} // namespace watchpost::unpack
