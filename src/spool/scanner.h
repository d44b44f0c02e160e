// Walks through the records of one file of the spool, over damage too.
//
// Yields every record whose header and meta check out, and a Gap for each range that cannot be
// read; after a gap it goes on at the next record that carries the spool's mark. Reads in bounded
// pieces. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "os/file.h"
#include "spool/format.h"

namespace watchpost::spool {

/// Octets that the disk does not give any more.
struct UnreadableRange {
    std::uint64_t offset = 0;
    std::uint64_t octets = 0;
};

/// A part of a file in memory, moved along as it is asked for.
class Window {
public:
    static constexpr std::size_t read_bytes_min = std::size_t{64} * 1024;
    static constexpr std::size_t block_bytes = 4096; // what is lost with one bad sector

    /// `file` outlives the window, and so does `unreadable` where it is not null: then what the
    /// disk does not give is zeros and is noted there, else it is an error.
    Window(const os::File& file, std::vector<UnreadableRange>* unreadable,
           std::size_t read_bytes = read_bytes_min)
        : file_{&file}
        , unreadable_{unreadable}
        , read_bytes_{read_bytes}
    {
    }

    /// The octets from `offset` on: `count`, or fewer where the file ends. Valid until the next
    /// call.
    [[nodiscard]] base::Result<base::ByteView> at(std::uint64_t offset, std::size_t count);

private:
    [[nodiscard]] base::Result<std::size_t> read_blocks(std::uint64_t offset);

    const os::File* file_;
    std::vector<UnreadableRange>* unreadable_;
    std::size_t read_bytes_; // at a time, at least
    std::uint64_t start_ = 0;
    base::Bytes buffer_;
};

struct Scanned {
    RecordKind kind = RecordKind::message;
    std::uint64_t offset = 0; // of the record
    base::Bytes meta;         // checked
    std::uint64_t body_offset = 0;
    std::uint32_t body_bytes = 0;
    bool body_is_damaged = false; // cut off by the end of the file, or looked at and wrong
    std::uint64_t end = 0;        // where the next record begins
};

struct Gap {
    std::uint64_t offset = 0;
    std::uint64_t octets = 0;
    bool reaches_end = false; // nothing readable follows
};

struct ScanEnd {};

using ScanStep = std::variant<Scanned, Gap, ScanEnd>;

inline constexpr std::uint64_t no_offset = UINT64_MAX;

struct ScanRange {
    std::uint64_t mark = 0;
    std::uint64_t sequence = 0;                  // what the records' checksums hold
    std::uint64_t end = 0;                       // of what counts
    std::uint64_t check_bodies_from = no_offset; // offset from which bodies are read and checked
    std::vector<UnreadableRange>* unreadable = nullptr; // as for Window
    std::size_t read_bytes = Window::read_bytes_min;    // less for single records
};

class Scanner {
public:
    /// `file` outlives the scanner; a record begins at `from`.
    Scanner(const os::File& file, const ScanRange& range, std::uint64_t from = file_header_bytes)
        : window_{file, range.unreadable, range.read_bytes}
        , range_{range}
        , offset_{from}
    {
    }

    /// The next step is about the record there.
    void go_to(std::uint64_t offset) noexcept { offset_ = offset; }

    [[nodiscard]] base::Result<ScanStep> next();

private:
    [[nodiscard]] base::Result<std::optional<RecordHeader>> header_at(std::uint64_t offset);
    [[nodiscard]] base::Result<std::optional<Scanned>> record_at(std::uint64_t offset);
    [[nodiscard]] base::Result<bool> body_is_wrong(const RecordHeader& header,
                                                   const Scanned& record);
    [[nodiscard]] base::Result<std::uint64_t> find_record(std::uint64_t from);

    Window window_;
    ScanRange range_;
    std::uint64_t offset_;
};

/// Every record and every gap of the range, in order.
[[nodiscard]] base::Result<void> scan(const os::File& file, const ScanRange& range,
                                      const std::function<void(const Scanned&)>& on_record,
                                      const std::function<void(const Gap&)>& on_gap,
                                      std::uint64_t from = file_header_bytes);

} // namespace watchpost::spool
