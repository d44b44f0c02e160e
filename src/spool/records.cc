#include "spool/records.h"

#include <algorithm>

#include "spool/codec.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Retry;

namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t change_bytes = id_bytes + 1;

/// An enumeration of which only the values up to `last` exist.
template <typename Enum>
std::optional<Enum> to_enum(std::uint8_t value, Enum last)
{
    return value <= static_cast<std::uint8_t>(last) ? std::optional{static_cast<Enum>(value)}
                                                    : std::nullopt;
}

/// In a ledger record, beside the values of SourceState: the day follows the place.
constexpr std::uint8_t expunged_with_day = 3;

void put_id(Encoder& encoder, const SpoolId& id)
{
    encoder.octets(std::as_bytes(std::span{id.ulid().octets()}));
}

SpoolId take_id(Decoder& decoder)
{
    base::Ulid::Octets octets{};
    const base::ByteView bytes = decoder.octets(id_bytes);
    std::transform(bytes.begin(), bytes.end(), octets.begin(),
                   [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    return SpoolId{base::Ulid{octets}};
}

void put_receipt(Encoder& encoder, const Receipt& receipt)
{
    encoder.text(receipt.key.mailbox);
    encoder.number(receipt.key.generation);
    encoder.text(receipt.uid);
    encoder.octets(std::as_bytes(std::span{receipt.sha256}));
    encoder.number(receipt.octets);
    encoder.number(receipt.announced_octets);
    encoder.number(receipt.epoch);
    encoder.number(static_cast<std::uint8_t>(receipt.completeness));
    encoder.number(static_cast<std::uint64_t>(receipt.received_at.time_since_epoch().count()));
    if (receipt.fetch_again != 0) {
        encoder.number(receipt.fetch_again);
        put_id(encoder, receipt.copy_of);
    }
}

std::optional<Receipt> take_receipt(Decoder& decoder)
{
    Receipt receipt;
    receipt.key.mailbox = decoder.text();
    receipt.key.generation = decoder.number<std::uint32_t>();
    receipt.uid = decoder.text();
    const base::ByteView digest = decoder.octets(receipt.sha256.size());
    std::transform(digest.begin(), digest.end(), receipt.sha256.begin(),
                   [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    receipt.octets = decoder.number<std::uint64_t>();
    receipt.announced_octets = decoder.number<std::uint64_t>();
    receipt.epoch = decoder.number<std::uint64_t>();
    const auto completeness =
        to_enum(decoder.number<std::uint8_t>(), Completeness::another_uid_short);
    const auto micros = static_cast<std::int64_t>(decoder.number<std::uint64_t>());
    receipt.received_at = base::Instant{std::chrono::microseconds{micros}};
    bool is_readable = completeness && check(receipt);
    if (!decoder.is_empty()) {
        receipt.fetch_again = decoder.number<std::uint32_t>();
        receipt.copy_of = take_id(decoder);
        is_readable = is_readable && receipt.fetch_again != 0; // else it had not been written
    }
    if (!is_readable) {
        return std::nullopt;
    }
    receipt.completeness = *completeness;
    return receipt;
}

} // namespace

Day day_of(base::Instant time) noexcept
{
    const auto days = std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
    return static_cast<Day>(std::clamp<std::int64_t>(days, 1, UINT16_MAX));
}

base::Result<void> check(const Receipt& receipt)
{
    if (receipt.key.mailbox.empty() || receipt.key.mailbox.size() > mailbox_bytes_max ||
        receipt.key.generation == 0 || receipt.uid.size() > uid_bytes_max) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "a receipt needs a mailbox of 1 to 255 octets, a generation from 1 and a "
                          "UID of at most 1024 octets");
    }
    return {};
}

base::Bytes encode(const ReceiptRecord& record)
{
    base::Bytes octets;
    Encoder encoder{octets};
    put_id(encoder, record.id);
    put_receipt(encoder, record.receipt);
    return octets;
}

std::optional<ReceiptRecord> parse_receipt(base::ByteView meta)
{
    Decoder decoder{meta};
    const SpoolId id = take_id(decoder);
    auto receipt = take_receipt(decoder);
    if (!receipt || !decoder.is_consumed()) {
        return std::nullopt;
    }
    return ReceiptRecord{id, std::move(*receipt)};
}

base::Bytes encode(const LedgerRecord& record)
{
    base::Bytes octets;
    Encoder encoder{octets};
    put_id(encoder, record.entry.id);
    encoder.number(record.expunged_day != 0 ? expunged_with_day
                                            : static_cast<std::uint8_t>(record.entry.state));
    encoder.number(static_cast<std::uint8_t>(record.is_settled ? 1 : 0));
    encoder.number(static_cast<std::uint8_t>(record.place.where));
    encoder.number(record.place.segment);
    encoder.number(record.place.offset);
    if (record.expunged_day != 0) {
        encoder.number(record.expunged_day);
    }
    put_receipt(encoder, record.entry.receipt);
    return octets;
}

std::optional<LedgerRecord> parse_ledger(base::ByteView meta)
{
    Decoder decoder{meta};
    LedgerRecord record;
    record.entry.id = take_id(decoder);
    const auto state_octet = decoder.number<std::uint8_t>();
    const bool has_day = state_octet == expunged_with_day;
    const auto state = has_day ? std::optional{SourceState::expunged}
                               : to_enum(state_octet, SourceState::expunged);
    const auto settled = decoder.number<std::uint8_t>();
    const auto where = to_enum(decoder.number<std::uint8_t>(), Where::large_file);
    record.place.segment = decoder.number<std::uint64_t>();
    record.place.offset = decoder.number<std::uint64_t>();
    record.expunged_day = has_day ? decoder.number<Day>() : Day{0};
    auto receipt = take_receipt(decoder);
    if (!state || settled > 1 || !where || !receipt || !decoder.is_consumed() ||
        (has_day && record.expunged_day == 0)) {
        return std::nullopt;
    }
    record.entry.state = *state;
    record.is_settled = settled == 1;
    record.place.where = *where;
    record.entry.receipt = std::move(*receipt);
    return record;
}

base::Bytes encode(const StateRecord& record)
{
    base::Bytes octets;
    Encoder encoder{octets};
    encoder.text(record.name);
    encoder.text(record.value);
    return octets;
}

std::optional<StateRecord> parse_state(base::ByteView meta)
{
    Decoder decoder{meta};
    StateRecord record;
    record.name = decoder.text();
    record.value = decoder.text();
    return decoder.is_consumed() && !record.name.empty() ? std::optional{record} : std::nullopt;
}

base::Bytes encode(const std::vector<SourceChange>& changes)
{
    base::Bytes octets;
    Encoder encoder{octets};
    for (const SourceChange& change : changes) {
        put_id(encoder, change.id);
        encoder.number(static_cast<std::uint8_t>(change.state));
    }
    return octets;
}

std::optional<std::vector<SourceChange>> parse_changes(base::ByteView meta)
{
    if (meta.size() % change_bytes != 0 || meta.size() / change_bytes > ids_per_record) {
        return std::nullopt;
    }
    Decoder decoder{meta};
    std::vector<SourceChange> changes;
    while (!decoder.is_empty()) {
        const SpoolId id = take_id(decoder);
        const auto state = to_enum(decoder.number<std::uint8_t>(), SourceState::expunged);
        if (!state) {
            return std::nullopt;
        }
        changes.push_back({id, *state});
    }
    return changes;
}

base::Bytes encode(const std::vector<SpoolId>& ids)
{
    base::Bytes octets;
    Encoder encoder{octets};
    for (const SpoolId& id : ids) {
        put_id(encoder, id);
    }
    return octets;
}

std::optional<std::vector<SpoolId>> parse_ids(base::ByteView meta)
{
    if (meta.size() % id_bytes != 0 || meta.size() / id_bytes > ids_per_record) {
        return std::nullopt;
    }
    Decoder decoder{meta};
    std::vector<SpoolId> ids;
    while (!decoder.is_empty()) {
        ids.push_back(take_id(decoder));
    }
    return ids;
}

base::Bytes encode(const SegmentRecord& record)
{
    base::Bytes octets;
    Encoder encoder{octets};
    encoder.number(record.sequence);
    encoder.number(record.end);
    encoder.number(static_cast<std::uint8_t>(record.has_damage ? 1 : 0));
    return octets;
}

std::optional<SegmentRecord> parse_segment(base::ByteView meta)
{
    Decoder decoder{meta};
    SegmentRecord record;
    record.sequence = decoder.number<std::uint64_t>();
    record.end = decoder.number<std::uint64_t>();
    const auto has_damage = decoder.number<std::uint8_t>();
    record.has_damage = has_damage == 1;
    return decoder.is_consumed() && has_damage <= 1 ? std::optional{record} : std::nullopt;
}

base::Bytes encode(std::uint64_t number)
{
    base::Bytes octets;
    Encoder{octets}.number(number);
    return octets;
}

std::optional<std::uint64_t> parse_number(base::ByteView meta)
{
    Decoder decoder{meta};
    const auto number = decoder.number<std::uint64_t>();
    return decoder.is_consumed() ? std::optional{number} : std::nullopt;
}

} // namespace watchpost::spool
