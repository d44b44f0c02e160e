#include "spool/spool.h"

#include <algorithm>

#include "os/crash_point.h"
#include "spool/spool_body.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

/// A server that announces more is no reason to wait for so much room: octets are counted as they
/// come.
constexpr std::uint64_t announced_bytes_believed_max = std::uint64_t{4} << 30U;

template <typename Row>
std::vector<std::vector<Row>> split(const std::vector<Row>& rows)
{
    std::vector<std::vector<Row>> parts;
    for (std::size_t at = 0; at < rows.size(); at += ids_per_record) {
        const std::size_t end = std::min(rows.size(), at + ids_per_record);
        parts.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(at),
                           rows.begin() + static_cast<std::ptrdiff_t>(end));
    }
    return parts;
}

/// An empty value forgets the name.
NewRecord make_state(StateRecord state)
{
    auto record = make_record(RecordKind::state, encode(state));
    record.state = std::move(state);
    return record;
}

} // namespace

Spool::Spool(std::unique_ptr<Body> body) : body_{std::move(body)} {}

Spool::~Spool()
{
    Log::Lock lock{body_->mutex};
    static_cast<void>(body_->log.flush(lock)); // notes only: losing them loses no message
    body_->log.mark_durable();
}

Result<std::unique_ptr<Spool>> Spool::open(const std::filesystem::path& folder,
                                           const SpoolOptions& options)
{
    auto opened = os::open_folder(folder, os::Missing::is_created);
    if (!opened) {
        return base::fail(std::move(opened.error()).during("open the spool"));
    }
    return open(std::move(*opened), options);
}

Result<std::unique_ptr<Spool>> Spool::open(std::unique_ptr<os::FileSystem> folder,
                                           const SpoolOptions& options)
{
    auto lease = folder->lock(lock_name);
    if (!lease) {
        return base::fail(std::move(lease.error()).during("open the spool"));
    }
    auto recovered = recover(*folder, segment_bytes_max(options));
    if (!recovered) {
        return base::fail(std::move(recovered.error()).during("open the spool"));
    }
    return std::unique_ptr<Spool>{new Spool{std::make_unique<Body>(
        std::move(folder), std::move(*lease), std::move(*recovered), options)}};
}

std::uint64_t Spool::epoch() const noexcept
{
    return body_->epoch;
}

const std::vector<RecoveryNote>& Spool::recovery_notes() const noexcept
{
    return body_->notes;
}

Result<std::unique_ptr<Incoming>> Spool::begin(std::uint64_t announced_octets)
{
    {
        Log::Lock lock{body_->mutex};
        body_->remove_refused_files(lock); // they may take the room that this message needs
    }
    if (announced_octets > Incoming::buffered_bytes_max &&
        announced_octets <= announced_bytes_believed_max) {
        if (auto room = body_->room.expect(announced_octets); !room) {
            return base::fail(std::move(room.error()).during("begin a large message"));
        }
    }
    return std::make_unique<IncomingMessage>(*body_->folder, body_->room, announced_octets);
}

Result<std::vector<SpoolId>> Spool::commit(std::vector<Arrival> batch)
{
    if (batch.empty()) {
        return std::vector<SpoolId>{};
    }
    auto prepared = prepare(batch, body_->epoch);
    if (!prepared) {
        return base::fail(std::move(prepared.error()).during("commit to the spool"));
    }
    std::vector<SpoolId> ids = prepared->ids;
    if (auto stored = body_->store_large_files(*prepared); !stored) {
        return base::fail(std::move(stored.error()).during("commit to the spool"));
    }
    if (auto written = body_->write(std::move(*prepared)); !written) {
        return base::fail(std::move(written.error()).during("commit to the spool"));
    }
    return ids;
}

Result<void> Spool::note(const std::vector<SourceChange>& changes)
{
    const Day today = day_of(body_->options.clock());
    Log::Lock lock{body_->mutex};
    for (const auto& part : split(changes)) {
        if (auto noted = body_->note(RecordKind::source_changes, encode(part), lock); !noted) {
            return base::fail(std::move(noted.error()).during("note what became of messages"));
        }
        for (const SourceChange& change : part) {
            body_->loaded.catalog.change(change, today);
        }
    }
    return {};
}

Result<void> Spool::flush()
{
    Log::Lock lock{body_->mutex};
    os::crash_point(os::CrashPoint::spool_before_flush);
    if (auto flushed = body_->log.flush(lock); !flushed) {
        return base::fail(std::move(flushed.error()).during("flush the spool"));
    }
    return {};
}

namespace {

ItemVisitor of_readable(const std::function<void(const LedgerEntry&)>& visit)
{
    return [&visit](const SpoolId& id, const Receipt& receipt, const Item& item) {
        if (!item.is_damaged) {
            visit({id, receipt, item.source});
        }
    };
}

} // namespace

Result<void> Spool::for_each_entry(const std::function<void(const LedgerEntry&)>& visit) const
{
    const Log::Lock lock{body_->mutex};
    return for_each_item(*body_->folder, body_->loaded, no_offset, of_readable(visit));
}

Result<void> Spool::for_each_entry_of(std::string_view mailbox,
                                      const std::function<void(const LedgerEntry&)>& visit) const
{
    const Log::Lock lock{body_->mutex};
    return for_each_item_of(*body_->folder, body_->loaded, mailbox, no_offset, of_readable(visit));
}

std::size_t Spool::count_of(std::string_view mailbox) const
{
    const Log::Lock lock{body_->mutex};
    const auto* const receipts = body_->loaded.catalog.receipts().find(mailbox);
    return receipts == nullptr ? 0 : receipts->count;
}

std::size_t Spool::mailboxes() const
{
    const Log::Lock lock{body_->mutex};
    return body_->loaded.catalog.receipts().mailboxes().size();
}

std::optional<std::string> Spool::get(std::string_view name) const
{
    const Log::Lock lock{body_->mutex};
    const auto& states = body_->loaded.catalog.states();
    const auto found = states.find(name);
    return found == states.end() ? std::nullopt : std::optional{found->second};
}

Result<void> Spool::put(std::string_view name, std::string_view value)
{
    if (name.empty()) {
        return base::fail(ErrorCode::invalid_argument, Retry::never, "a state needs a name");
    }
    if (name.size() > name_bytes_max || value.size() > value_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "a state's name has at most 512 octets, its value 32768");
    }
    Log::Lock lock{body_->mutex};
    const auto& states = body_->loaded.catalog.states();
    if (!value.empty() && states.size() >= names_max && !states.contains(name)) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never, "the spool holds 100000 states");
    }
    std::vector<NewRecord> records;
    records.push_back(make_state({std::string{name}, std::string{value}}));
    os::crash_point(os::CrashPoint::spool_before_state);
    auto position = body_->log.append(lock, std::move(records));
    if (!position) {
        return base::fail(std::move(position.error()).during("store a state"));
    }
    auto durable = body_->log.wait_durable(lock, *position);
    os::crash_point(os::CrashPoint::spool_after_state);
    return durable;
}

Result<void> Spool::forget_if(const std::function<bool(std::string_view)>& is_over)
{
    Log::Lock lock{body_->mutex};
    std::vector<std::string> names;
    for (const auto& [name, value] : body_->loaded.catalog.states()) {
        if (is_over(name)) {
            names.push_back(name);
        }
    }
    std::vector<Log::Position> written;
    for (const auto& part : split(names)) {
        std::vector<NewRecord> records;
        records.reserve(part.size());
        for (const auto& name : part) {
            records.push_back(make_state({name, {}}));
        }
        auto position = body_->log.append(lock, std::move(records));
        if (!position) {
            return base::fail(std::move(position.error()).during("forget states"));
        }
        written.push_back(*position);
    }
    for (const auto& position : written) {
        if (auto durable = body_->log.wait_durable(lock, position); !durable) {
            return base::fail(std::move(durable.error()).during("forget states"));
        }
    }
    return {};
}

Result<void> Spool::settle(const std::vector<SpoolId>& ids)
{
    Log::Lock lock{body_->mutex};
    for (const auto& part : split(ids)) {
        if (auto noted = body_->note(RecordKind::settled, encode(part), lock); !noted) {
            return base::fail(std::move(noted.error()).during("settle messages"));
        }
        for (const SpoolId& id : part) {
            body_->loaded.catalog.settle(id);
        }
    }
    os::crash_point(os::CrashPoint::spool_after_settle);
    return {};
}

Result<void> Spool::look_for_room()
{
    if (auto room = body_->room.look(); room || room.error().code() != ErrorCode::disk_full) {
        return room;
    }
    static_cast<void>(give_room_back()); // compaction_error() says why not
    return body_->room.look();
}

Result<void> Spool::give_room_back()
{
    Log::Lock lock{body_->mutex};
    return body_->give_room_back(lock);
}

std::uint64_t Spool::message_bytes_max() const noexcept
{
    return body_->room.message_bytes_max();
}

std::vector<SpoolId> Spool::unsettled() const
{
    std::vector<SpoolId> ids;
    {
        const Log::Lock lock{body_->mutex};
        for (const auto& [id, item] : body_->loaded.catalog.items()) {
            if (!item.is_settled) {
                ids.push_back(id);
            }
        }
    }
    std::ranges::sort(ids);
    return ids;
}

Result<void> Spool::compact()
{
    Log::Lock lock{body_->mutex};
    return body_->compact(lock);
}

std::optional<base::Error> Spool::compaction_error() const
{
    const Log::Lock lock{body_->mutex};
    return body_->compaction_error;
}

} // namespace watchpost::spool
