#include "unpack/zip.h"

#include <algorithm>
#include <cstdint>

#include "unpack/zip_directory.h"
#include "unpack/zip_entry_header.h"
#include "unpack/zip_member.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;

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
    return sizes || local.raw_name != listed.raw_name || local.method != listed.method ||
           local.is_encrypted() != listed.is_encrypted();
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
        covered_.push_back({directory_.begin, directory_.end});
        for (const auto& entry : directory_.entries) {
            if (!meter_.is_over() && meter_.admit_entry()) {
                read_listed(entry);
            }
        }
        read_unlisted();
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
    void read_listed(const ZipEntry& entry)
    {
        const auto name = entry.name();
        const auto local = read_zip_local(bytes_, entry.header_offset);
        if (!local) {
            meter_.tell(name, "damaged_archive", "its data are not where the directory says");
            return;
        }
        const auto data = base::slice(bytes_, local->data_offset, entry.packed_bytes);
        const auto header = make_zip_entry_header(entry, *local);
        const auto used = member_.read(entry, name, header, data);
        // Octets behind the end of the compressed data are nobody's: looked through below.
        const auto data_used = used > header.size() ? used - header.size() : data.size();
        covered_.push_back({entry.header_offset, local->data_offset + data_used});
        if (!meter_.is_over() && is_contradicted(entry, local->entry) && meter_.admit_entry()) {
            const auto other_name = local->entry.name();
            read_local(*local, other_name, bytes_.size());
            meter_.tell(other_name, "zip_hidden_entries",
                        "its local header contradicts the archive's directory");
        }
    }

    void read_unlisted()
    {
        std::ranges::sort(covered_, {}, &Range::begin);
        std::uint64_t at = 0;
        for (const auto& range : covered_) {
            read_unlisted_in({at, range.begin});
            at = std::max(at, range.end);
        }
        read_unlisted_in({at, bytes_.size()});
    }

    void read_unlisted_in(Range range)
    {
        while (!meter_.is_over() && range.begin < range.end) {
            const auto at = find_zip_local(bytes_, range.begin, range.end);
            const auto local = at < range.end ? read_zip_local(bytes_, at) : std::nullopt;
            if (!local || !meter_.admit_entry()) {
                return;
            }
            const auto name = local->entry.name();
            range.begin = read_local(*local, name, range.end);
            if (directory_.found) {
                meter_.tell(name, "zip_hidden_entries",
                            "it stands in the archive but not in its directory");
            }
        }
    }

    /// By the local header alone. Returns where to look on: behind the member if it was read to its
    /// end, else behind its header, for its sizes may be there to hide what follows.
    std::uint64_t read_local(const ZipLocal& local, const std::string& name, std::uint64_t end)
    {
        const auto from = local.entry.header_offset;
        const auto used =
            member_.read(local.entry, name, {}, base::slice(bytes_, from, end - from));
        return std::max(local.data_offset, from + used);
    }

    ByteView bytes_;
    Meter& meter_; // borrowed for the walk
    ZipMemberReader member_;
    ZipDirectory directory_;
    std::vector<Range> covered_; // by the directory and the members that it lists
};

} // namespace

void unpack_zip(ByteView bytes, Passwords& passwords, Meter& meter)
{
    ZipWalk{bytes, passwords, meter}.run();
}

} // namespace watchpost::unpack
