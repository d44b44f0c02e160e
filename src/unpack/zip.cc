#include "unpack/zip.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <zlib.h>

#include "unpack/library_reader.h"
#include "unpack/little_endian.h"
#include "unpack/zip_directory.h"
#include "unpack/zip_entry_header.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// One member's data as the library wants them: a header and what follows it.
struct Packed {
    ByteView header;
    ByteView data;
    bool has_sums = true; // size and checksum of the entry can be compared
};

/// What became of one reading of a member.
struct Outcome {
    EntryData data;
    std::uint64_t bytes_read = 0;
    bool was_encrypted = false;
};

std::uint32_t checksum(ByteView bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

class ZipReading {
public:
    ZipReading(ByteView bytes, const std::vector<std::string>& passwords, Meter& meter)
        : bytes_{bytes}
        , passwords_{passwords}
        , meter_{meter}
        , directory_{read_zip_directory(bytes, meter.entries_left() + 1)}
    {
    }

    void run()
    {
        for (const auto& entry : directory_.entries) {
            if (meter_.is_over()) {
                return;
            }
            read_listed(entry);
        }
        if (directory_.was_cut && !meter_.is_over()) {
            meter_.tell("", "damaged_archive", "the archive's directory breaks off");
        }
        covered_.push_back({directory_.begin, directory_.end});
        read_unlisted();
        if (!directory_.found) {
            meter_.tell("", "damaged_archive", "the archive's directory is missing or damaged");
        }
    }

private:
    void read_listed(const ZipEntry& entry)
    {
        if (!meter_.admit_entry()) {
            return;
        }
        const auto name = entry.name();
        const auto local = read_zip_local(bytes_, entry.header_offset);
        if (!local) {
            meter_.tell(name, "damaged_archive", "its data are not where the directory says");
            return;
        }
        const auto data = base::slice(bytes_, local->data_offset, entry.packed_bytes);
        covered_.push_back({entry.header_offset, local->data_offset + data.size()});
        const auto header = make_zip_entry_header(entry, *local);
        const auto outcome = read(entry, name, {header, data, true});
        if (data.size() < entry.packed_bytes && !outcome.data.is_damaged) {
            meter_.tell(name, "damaged_archive", "the archive ends within the member");
        }
        if (!meter_.is_over() && is_contradicted(entry, local->entry)) {
            read_other_side(*local);
        }
    }

    /// Readers that go by the local header and readers that go by the directory get different
    /// files here: show both.
    void read_other_side(const ZipLocal& local)
    {
        if (!meter_.admit_entry()) {
            return;
        }
        const auto name = local.entry.name();
        static_cast<void>(read_local(local, name, directory_.begin));
        meter_.tell(name, "zip_hidden_entries",
                    "its local header contradicts the archive's directory");
    }

    static bool is_contradicted(const ZipEntry& listed, const ZipEntry& local)
    {
        const bool sizes = !local.has_sizes_behind_data() && local.packed_bytes != 0 &&
                           local.packed_bytes != listed.packed_bytes;
        return sizes || local.raw_name != listed.raw_name || local.method != listed.method ||
               local.is_encrypted() != listed.is_encrypted();
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

    /// By the local header alone; returns where the member's data end.
    std::uint64_t read_local(const ZipLocal& local, const std::string& name, std::uint64_t end)
    {
        const auto from = local.entry.header_offset;
        const auto known_end = base::checked_add(local.data_offset, local.entry.packed_bytes);
        const bool has_sums = !local.entry.has_sizes_behind_data();
        const auto outcome =
            read(local.entry, name, {base::slice(bytes_, from, end - from), {}, has_sums});
        const auto consumed = has_sums ? known_end.value_or(end) : from + outcome.bytes_read;
        return std::max(local.data_offset, consumed);
    }

    Outcome read(const ZipEntry& entry, const std::string& name, const Packed& packed)
    {
        if (!is_supported_zip_method(entry.method)) {
            meter_.tell(name, "unsupported_archive",
                        "compression method " + std::to_string(entry.method));
            return {};
        }
        if (entry.is_strongly_encrypted() || (entry.is_encrypted() && passwords_.empty())) {
            meter_.tell(name, "encrypted_archive", "no password is known");
            return {};
        }
        auto outcome = entry.is_encrypted() ? read_with_passwords(entry, packed)
                                            : read_once(entry, packed, {});
        tell(entry, name, outcome);
        return outcome;
    }

    Outcome read_with_passwords(const ZipEntry& entry, const Packed& packed)
    {
        Outcome outcome;
        for (const auto& password : passwords_) {
            meter_.restart_member();
            outcome = read_once(entry, packed, password);
            if (!outcome.data.is_damaged && !outcome.data.is_encrypted) {
                outcome.was_encrypted = true;
                return outcome;
            }
            if (meter_.is_over()) {
                break;
            }
        }
        content_.clear();
        outcome.data.is_encrypted = true; // a wrong password and damage look alike
        outcome.data.is_damaged = false;
        outcome.data.error = "none of the known passwords opens it";
        return outcome;
    }

    Outcome read_once(const ZipEntry& entry, const Packed& packed, const std::string& password)
    {
        auto reader = LibraryReader::for_zip_entry(packed.header, packed.data, password);
        Outcome outcome;
        content_.clear();
        if (reader.next() != LibraryReader::Next::entry) {
            outcome.data.is_damaged = true;
            outcome.data.error = reader.error();
            return outcome;
        }
        outcome.data = reader.read(meter_, content_);
        outcome.bytes_read = reader.bytes_read();
        const bool is_complete = outcome.data.stop == Stop::none && !outcome.data.is_damaged &&
                                 !outcome.data.is_encrypted;
        if (is_complete && packed.has_sums && !sums_hold(entry)) {
            outcome.data.is_damaged = true;
            outcome.data.error = "size or checksum do not match";
        }
        return outcome;
    }

    bool sums_hold(const ZipEntry& entry) const
    {
        return content_.size() == entry.unpacked_bytes &&
               (!has_zip_checksum(entry) || checksum(content_) == entry.crc);
    }

    void tell(const ZipEntry& entry, const std::string& name, const Outcome& outcome)
    {
        const bool is_folder = entry.raw_name.ends_with('/') && content_.empty();
        if (!is_folder && !outcome.data.is_encrypted &&
            (!outcome.data.is_damaged || !content_.empty())) {
            meter_.deliver({name, content_, outcome.was_encrypted});
        }
        if (outcome.data.stop != Stop::none) {
            meter_.tell(name, outcome.data.stop);
        }
        if (outcome.data.is_encrypted || outcome.data.is_damaged) {
            meter_.tell(name, outcome.data.is_encrypted ? "encrypted_archive" : "damaged_archive",
                        outcome.data.error);
        }
    }

    ByteView bytes_;
    const std::vector<std::string>& passwords_; // borrowed for the reading, as is the meter
    Meter& meter_;
    ZipDirectory directory_;
    std::vector<Range> covered_; // by the members that the directory lists, and by itself
    base::Bytes content_;        // of the member under way
};

} // namespace

void unpack_zip(ByteView bytes, const std::vector<std::string>& passwords, Meter& meter)
{
    ZipReading{bytes, passwords, meter}.run();
}

} // namespace watchpost::unpack
