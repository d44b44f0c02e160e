// What the records of the spool say, as octets and back. Parsing is strict: what encode() would not
// write is nullopt. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "spool/intake.h"
#include "spool/ledger_entry.h"

namespace watchpost::spool {

inline constexpr std::size_t mailbox_bytes_max = 255;
inline constexpr std::size_t uid_bytes_max = 1024;
inline constexpr std::size_t ids_per_record = 1024; // of changes and settlements

enum class Where : std::uint8_t { nowhere, segment, large_file };

/// Where the content of an item is, and the record that brought it.
struct Placement {
    Where where = Where::nowhere;
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;

    friend bool operator==(const Placement&, const Placement&) = default;
};

/// Days since 1970; 0: not known.
using Day = std::uint16_t;
[[nodiscard]] Day day_of(base::Instant time) noexcept;

/// An item as a checkpoint holds it.
struct LedgerRecord {
    LedgerEntry entry;
    Placement place;
    bool is_settled = false;
    Day expunged_day = 0; // when its deletion was last noted; older spools have none
};

struct StateRecord {
    std::string name;
    std::string value; // empty: forgotten
};

/// A segment that a checkpoint covers and that stays. Its end stands in the header of the next one
/// as well, but that one may be removed earlier.
struct SegmentRecord {
    std::uint64_t sequence = 0;
    std::uint64_t end = 0;
    bool has_damage = false;
};

/// The part of a message's record that is the same for all three kinds.
struct ReceiptRecord {
    SpoolId id;
    Receipt receipt;
};

/// Refuses a receipt that does not keep to the limits (invalid_argument).
[[nodiscard]] base::Result<void> check(const Receipt& receipt);

[[nodiscard]] base::Bytes encode(const ReceiptRecord& record);
[[nodiscard]] base::Bytes encode(const LedgerRecord& record);
[[nodiscard]] base::Bytes encode(const StateRecord& record);
[[nodiscard]] base::Bytes encode(const std::vector<SourceChange>& changes);
[[nodiscard]] base::Bytes encode(const std::vector<SpoolId>& ids);
[[nodiscard]] base::Bytes encode(const SegmentRecord& record);
[[nodiscard]] base::Bytes encode(std::uint64_t number); // durable, end

[[nodiscard]] std::optional<ReceiptRecord> parse_receipt(base::ByteView meta);
[[nodiscard]] std::optional<LedgerRecord> parse_ledger(base::ByteView meta);
[[nodiscard]] std::optional<StateRecord> parse_state(base::ByteView meta);
[[nodiscard]] std::optional<std::vector<SourceChange>> parse_changes(base::ByteView meta);
[[nodiscard]] std::optional<std::vector<SpoolId>> parse_ids(base::ByteView meta);
[[nodiscard]] std::optional<SegmentRecord> parse_segment(base::ByteView meta);
[[nodiscard]] std::optional<std::uint64_t> parse_number(base::ByteView meta);

} // namespace watchpost::spool
