// The frame of the spool's files: a header a file, a header a record. docs/spool-format.md.
//
// Content of messages is chosen by attackers and may contain anything that looks like a record. So
// every record begins with the mark of the spool, 64 random bits that never leave the machine: a
// reader that looks for the next record after a damage cannot be led into a forged one. Not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "spool/intake.h"

namespace watchpost::spool {

inline constexpr std::size_t file_header_bytes = 64;
inline constexpr std::size_t record_header_bytes = 32;
inline constexpr std::size_t mark_bytes = 8;
inline constexpr std::size_t meta_bytes_max = std::size_t{64} * 1024;
inline constexpr std::uint32_t format_version = 1;

enum class FileKind : std::uint32_t { identity = 1, segment = 2, checkpoint = 3 };

struct FileHeader {
    FileKind kind = FileKind::segment;
    std::uint64_t mark = 0;         // of the spool
    std::uint64_t sequence = 0;     // of the segment; of the last one that the checkpoint covers
    std::uint64_t epoch = 0;        // under which the file was made
    std::uint64_t previous = 0;     // segment: the one before, 0 where there is none …
    std::uint64_t previous_end = 0; // … and how far it counts, whatever stands behind that

    friend bool operator==(const FileHeader&, const FileHeader&) = default;
};

using FileHeaderOctets = std::array<std::byte, file_header_bytes>;

[[nodiscard]] FileHeaderOctets encode(const FileHeader& header);

/// damaged, or unsupported where a later version wrote it.
[[nodiscard]] base::Result<FileHeader> parse_file_header(base::ByteView bytes);

enum class RecordKind : std::uint32_t {
    message = 1,       // receipt, content as body
    large_message = 2, // receipt; content in large/<id>.eml
    too_large = 3,     // receipt only; before_first_poll, another_uid, too
    source_changes = 4,
    settled = 5,
    state = 6,    // a name and its value
    durable = 7,  // everything before this record was synced when it was written
    gap = 8,      // octets of an unfinished write that were given up; the body is not looked at
    ledger = 9,   // checkpoint: receipt, states and place
    segment = 10, // checkpoint: a covered segment that stays, and how far it counts
    end = 11      // checkpoint: how many records there are
};

struct RecordHeader {
    RecordKind kind = RecordKind::message;
    std::uint32_t meta_bytes = 0;
    std::uint32_t body_bytes = 0;
    std::uint32_t meta_crc = 0;
    std::uint32_t body_crc = 0; // 0 and not looked at for gap

    friend bool operator==(const RecordHeader&, const RecordHeader&) = default;

    [[nodiscard]] std::uint64_t record_bytes() const noexcept
    {
        return record_header_bytes + std::uint64_t{meta_bytes} + body_bytes;
    }
};

/// Where a record stands: goes into its checksum, so that octets that strayed are not taken for it.
struct RecordPlace {
    std::uint64_t mark = 0;
    std::uint64_t sequence = 0; // of the segment; 0 in a checkpoint
    std::uint64_t offset = 0;
};

using RecordHeaderOctets = std::array<std::byte, record_header_bytes>;

[[nodiscard]] RecordHeaderOctets encode(const RecordHeader& header, const RecordPlace& place);

/// nullopt for anything that encode() would not write at this place, lengths over the limits too.
[[nodiscard]] std::optional<RecordHeader> parse_record_header(base::ByteView bytes,
                                                              const RecordPlace& place);

/// The first octets of every record.
[[nodiscard]] std::array<std::byte, mark_bytes> mark_octets(std::uint64_t mark);

// Names in the spool's folder.
inline constexpr std::string_view lock_name = "lock";
inline constexpr std::string_view identity_name = "identity";
inline constexpr std::string_view checkpoint_name = "checkpoint";
inline constexpr std::string_view segments_folder = "segments";
inline constexpr std::string_view large_folder = "large";
inline constexpr std::string_view part_suffix = ".part";

[[nodiscard]] std::string segment_name(std::uint64_t sequence); // segments/<16 hex digits>.seg
[[nodiscard]] std::string large_name(const SpoolId& id);        // large/<id>.eml

/// Of a file name without its folder; nullopt where it is not one of ours.
[[nodiscard]] std::optional<std::uint64_t> parse_segment_file(std::string_view file);
[[nodiscard]] std::optional<SpoolId> parse_large_file(std::string_view file);

} // namespace watchpost::spool
