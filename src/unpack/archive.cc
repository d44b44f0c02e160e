#include "unpack/archive.h"

#include <algorithm>
#include <functional>
#include <map>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "unpack/by_program.h"
#include "unpack/library_reader.h"
#include "unpack/little_endian.h"
#include "unpack/seven_zip.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

/// Folders, symbolic links and devices have no bytes of their own and are no members; an entry with
/// bytes is one, whatever it calls itself. Nothing is delivered for a file of which nothing could
/// be read.
bool is_member(const LibraryReader& reader, const EntryData& data, const base::Bytes& content)
{
    const bool failed = data.is_damaged || data.is_encrypted;
    return !content.empty() || (reader.is_regular_file() && !failed);
}

/// A later volume of several, or members hidden from our reader; but a 7z file may be empty.
bool must_have_entries(const Format& format, ByteView bytes)
{
    constexpr std::size_t empty_7z_bytes = 32;
    return format.name != "7z"sv || bytes.size() > empty_7z_bytes;
}

/// POSIX pax, "ustar Interchange Format": two blocks of zeros end a tar. Readers do without, so
/// that one that was cut between two members looks whole.
bool lacks_end_mark(const Format& format, ByteView bytes)
{
    constexpr std::size_t block_bytes = 512;
    const auto tail = bytes.last(std::min(bytes.size(), block_bytes));
    return format.name == "tar"sv &&
           std::ranges::any_of(tail, [](std::byte octet) { return octet != std::byte{0}; });
}

class ArchiveWalk {
public:
    ArchiveWalk(const Format& format, ByteView bytes, Passwords& passwords, Program* program,
                Meter& meter)
        : format_{format}
        , bytes_{bytes}
        , passwords_{passwords}
        , program_{seven_zip_type(format.name).empty() ? nullptr : program}
        , meter_{meter}
    {
    }

    void run()
    {
        auto reader = LibraryReader::for_archive(format_.library_code, bytes_);
        while (!meter_.is_over()) {
            const auto next = reader.next();
            if (next != LibraryReader::Next::entry) {
                tell_end(reader, next);
                break;
            }
            ++entries_;
            if (meter_.admit_entry()) {
                read_entry(reader);
            }
        }
        if (!links_.empty() && !meter_.is_over()) {
            read_links();
        }
        if (is_encrypted_ && !meter_.is_over()) {
            open_encrypted_by_program(format_, bytes_, encrypted_, passwords_, *program_, meter_);
        }
    }

private:
    /// An empty name is the container's own: its list of members is encrypted.
    void tell_encrypted(const std::string& name, std::string error)
    {
        if (program_ == nullptr) {
            return tell_failure(name, true, std::move(error), meter_);
        }
        is_encrypted_ = true;
        if (!name.empty()) {
            encrypted_.push_back(name);
        }
    }

    void tell_end(const LibraryReader& reader, LibraryReader::Next next)
    {
        if (next == LibraryReader::Next::broken && reader.error_speaks_of_encryption()) {
            tell_encrypted("", reader.error());
        } else if (next == LibraryReader::Next::broken) {
            tell_failure("", false, reader.error(), meter_);
        } else if (entries_ == 0 && must_have_entries(format_, bytes_)) {
            meter_.tell("", "damaged_archive", "no member was found in it");
        } else if (lacks_end_mark(format_, bytes_)) {
            meter_.tell("", "damaged_archive", "it has no end mark: members may be missing");
        }
    }

    void read_entry(LibraryReader& reader)
    {
        const auto name = reader.name();
        if (reader.is_encrypted()) {
            return tell_encrypted(name,
                                  "the member is encrypted; this format's cipher is not supported");
        }
        if (reader.is_folder_without_data()) {
            return;
        }
        const auto data = reader.read(meter_, content_);
        if (is_member(reader, data, content_)) {
            meter_.deliver({name, content_});
        } else if (!reader.link_target().empty()) {
            links_[reader.link_target()].push_back(name);
        }
        tell_outcome(name, data, meter_);
    }

    /// A hard link is another name for a file, and may be the one with the telling extension. Its
    /// bytes were not kept, so the archive is read once more, as far as the first time.
    void read_links()
    {
        auto reader = LibraryReader::for_archive(format_.library_code, bytes_);
        for (std::uint64_t i = 0; i < entries_ && !links_.empty() && !meter_.is_over(); ++i) {
            if (reader.next() != LibraryReader::Next::entry) {
                break;
            }
            const auto found = links_.find(reader.raw_name());
            if (found != links_.end() && reader.link_target().empty() && !reader.is_encrypted()) {
                const auto names = std::move(found->second);
                links_.erase(found);
                deliver_links(reader, names);
            }
        }
        for (const auto& [target, names] : links_) {
            for (const auto& name : names) {
                meter_.tell(name, "damaged_archive", "the file that it is a link to is missing");
            }
        }
    }

    void deliver_links(LibraryReader& reader, const std::vector<std::string>& names)
    {
        meter_.restart_member();
        const auto data = reader.read(meter_, content_);
        deliver(names.front(), content_, data);
        base::Bytes copy; // each further name costs its bytes anew: they are looked at as often
        for (const auto& name : names | std::views::drop(1)) {
            if (meter_.is_over()) {
                return;
            }
            meter_.restart_member();
            copy.clear();
            const auto stop = meter_.keep(content_, copy);
            deliver(name, copy, {stop == Stop::none ? data.stop : stop, false, false, {}});
        }
    }

    void deliver(const std::string& name, const base::Bytes& content, const EntryData& data)
    {
        meter_.deliver({name, content});
        tell_outcome(name, data, meter_);
    }

    const Format& format_; // of the table
    ByteView bytes_;
    Passwords& passwords_; // borrowed for the walk, as are the next two
    Program* program_;
    Meter& meter_;
    base::Bytes content_;
    bool is_encrypted_ = false;
    std::vector<std::string> encrypted_; // names of members, for the program
    std::uint64_t entries_ = 0;
    std::map<std::string, std::vector<std::string>, std::less<>> links_; // names by target
};

/// ECMA-167 part 3: a UDF file system announces itself among the volume descriptors from sector 16
/// on. Windows shows that side of a disc that has both.
bool has_udf_side(ByteView bytes)
{
    constexpr std::size_t sector_bytes = 2048;
    for (std::size_t sector = 16; sector < 64; ++sector) {
        const auto at = sector * sector_bytes + 1;
        if (has_at(bytes, at, "NSR02"sv) || has_at(bytes, at, "NSR03"sv)) {
            return true;
        }
    }
    return false;
}

} // namespace

void unpack_archive(const Format& format, ByteView bytes, Passwords& passwords, Program* program,
                    Meter& meter)
{
    ArchiveWalk{format, bytes, passwords, program, meter}.run();
    if (format.name == "iso"sv && has_udf_side(bytes) && !meter.is_over()) {
        static constexpr Format udf{"udf"};
        unpack_by_program(udf, bytes, passwords, program, meter);
    }
}

} // namespace watchpost::unpack
