#include "collector/control_outbox.h"

#include <algorithm>
#include <utility>

namespace watchpost::collector {

using base::Result;

namespace {

constexpr std::chrono::minutes spool_look_period{1};

std::vector<spool::SpoolId> parse_all(const std::vector<std::string>& texts)
{
    std::vector<spool::SpoolId> ids;
    for (const auto& text : texts) {
        if (const auto id = spool::SpoolId::parse(text)) {
            ids.push_back(*id);
        }
    }
    return ids;
}

} // namespace

ControlOutbox::ControlOutbox(spool::Spool& spool, std::filesystem::path folder,
                             std::uint64_t spool_octets_max)
    : spool_{spool}
    , folder_{std::move(folder)}
    , spool_octets_max_{spool_octets_max}
{
}

void ControlOutbox::put_status(const StatusOfMailbox& status)
{
    const std::lock_guard held{lock_};
    const auto [row, is_new] = statuses_.try_emplace(status.mailbox, status.status);
    if (!is_new && row->second == status.status) {
        return; // an Apply of one mailbox says it of all
    }
    row->second = status.status;
    untold_.insert(status.mailbox);
    has_work_ = true;
    changed_.notify_all();
}

void ControlOutbox::add_collected(std::uint64_t messages)
{
    const std::lock_guard held{lock_};
    collected_ += messages;
    tells_collected_ = tells_collected_ || messages > 0;
    has_work_ = true;
    changed_.notify_all();
}

void ControlOutbox::set_disk_full(bool is_full)
{
    const std::lock_guard held{lock_};
    if (is_disk_full_ != is_full) {
        is_disk_full_ = is_full;
        tells_spool_ = true;
        has_work_ = true;
        changed_.notify_all();
    }
}

void ControlOutbox::set_pause(const std::string& reason)
{
    const std::lock_guard held{lock_};
    pause_reason_ = reason;
    is_disk_full_ = false; // whoever finds it so will say it again
    tells_spool_ = true;
    has_work_ = true;
    changed_.notify_all();
}

void ControlOutbox::on_connected()
{
    const std::lock_guard held{lock_};
    is_connected_ = true;
    ++links_;
    for (const auto& [mailbox, status] : statuses_) {
        untold_.insert(mailbox);
    }
    tells_collected_ = true; // a notice may have been lost with the link before
    tells_spool_ = true;
    asks_unsettled_ = true;
    has_work_ = true;
    changed_.notify_all();
}

Result<void> ControlOutbox::settle(const std::vector<std::string>& ids)
{
    auto settled = spool_.settle(parse_all(ids));
    if (!settled) { // asked again at the next look: control has them recorded
        const std::lock_guard guard{lock_};
        asks_unsettled_ = true;
    }
    return settled;
}

ControlOutbox::Work ControlOutbox::take_work()
{
    Work work;
    for (const auto& mailbox : std::exchange(untold_, {})) {
        work.statuses.push_back({.mailbox = mailbox, .status = statuses_.at(mailbox)});
    }
    work.collected = std::exchange(collected_, 0);
    work.tells_collected = std::exchange(tells_collected_, false);
    work.tells_spool = std::exchange(tells_spool_, false);
    work.asks_unsettled = std::exchange(asks_unsettled_, false);
    has_work_ = false;
    return work;
}

Result<void> ControlOutbox::send(const ControlPeer& peer)
{
    Work work;
    {
        const std::lock_guard held{lock_};
        work = take_work();
    }
    auto sent = send(work, peer);
    if (!sent) { // all of it again, what control has heard already, too: it may hear it twice
        const std::lock_guard held{lock_};
        collected_ += work.collected;
        tells_collected_ = tells_collected_ || work.tells_collected;
        tells_spool_ = tells_spool_ || work.tells_spool;
        asks_unsettled_ = asks_unsettled_ || work.asks_unsettled;
        for (const auto& status : work.statuses) {
            untold_.insert(status.mailbox);
        }
    }
    return sent;
}

Result<void> ControlOutbox::send(const Work& work, const ControlPeer& peer)
{
    for (const auto& status : work.statuses) {
        if (auto told = peer.notify(mailbox_status_method, encode_mailbox_status(status)); !told) {
            return told;
        }
    }
    if (work.tells_collected) {
        if (auto told = peer.notify(collected_method, encode_collected(work.collected)); !told) {
            return told;
        }
    }
    if (work.tells_spool) {
        if (auto told = peer.notify(collector_status_method, encode_collector_status(status()));
            !told) {
            return told;
        }
    }
    return work.asks_unsettled ? ask_unsettled(peer) : Result<void>{};
}

/// What control has recorded while the link was away is settled now.
Result<void> ControlOutbox::ask_unsettled(const ControlPeer& peer)
{
    const auto ids = spool_.unsettled();
    for (std::size_t at = 0; at < ids.size(); at += ids_per_document_max) {
        std::vector<std::string> page;
        for (std::size_t i = at; i < std::min(ids.size(), at + ids_per_document_max); ++i) {
            page.push_back(ids[i].to_string());
        }
        const auto answer = peer.call(unsettled_method, encode_ids(page));
        if (!answer) {
            return base::fail(answer.error());
        }
        const auto recorded = parse_recorded(*answer);
        if (!recorded) {
            return base::fail(recorded.error());
        }
        if (auto settled = settle(*recorded); !settled) {
            return settled;
        }
    }
    return {};
}

void ControlOutbox::run(const ControlPeer& peer)
{
    std::unique_lock held{lock_};
    while (!stops_) {
        const bool has_work = changed_.wait_for(
            held, spool_look_period, [this] { return stops_ || (is_connected_ && has_work_); });
        if (stops_ || !is_connected_) {
            continue;
        }
        tells_spool_ = tells_spool_ || !has_work;
        const auto link = links_;
        held.unlock();
        const auto sent = send(peer);
        held.lock();
        // What failed for another reason than the link is tried again at the next look.
        const bool is_lost = !sent && sent.error().code() == base::ErrorCode::connection_lost;
        is_connected_ = !is_lost || links_ != link;
    }
}

void ControlOutbox::stop()
{
    const std::lock_guard held{lock_};
    stops_ = true;
    changed_.notify_all();
}

CollectorStatus ControlOutbox::status() const
{
    CollectorStatus status;
    status.spool_octets = octets_below(folder_);
    status.spool_octets_max = spool_octets_max_;
    {
        const std::lock_guard held{lock_};
        status.is_paused = !pause_reason_.empty();
        if (status.is_paused) {
            status.warnings.push_back("Collecting pauses, mail stays on the mail servers: " +
                                      pause_reason_);
        } else if (is_disk_full_) {
            status.warnings.emplace_back("The disk of the spool is full: collecting pauses, mail "
                                         "stays on the mail servers. Make room.");
        }
    }
    for (const auto& note : spool_.recovery_notes()) {
        status.warnings.push_back("At its start the spool was " +
                                  std::string{note.kind == spool::RecoveryNote::Kind::damaged
                                                  ? "found damaged: "
                                                  : "mended: "} +
                                  note.text);
    }
    if (const auto error = spool_.compaction_error()) {
        status.warnings.push_back("The spool cannot give room back and grows until it can: " +
                                  error->describe());
    }
    return status;
}

std::uint64_t octets_below(const std::filesystem::path& folder)
{
    std::uint64_t octets = 0;
    std::error_code error;
    const auto options = std::filesystem::directory_options::skip_permission_denied;
    for (std::filesystem::recursive_directory_iterator row{folder, options, error}, end;
         !error && row != end; row.increment(error)) {
        std::error_code ignored; // a file that went meanwhile
        if (row->is_regular_file(ignored)) {
            const auto size = row->file_size(ignored);
            octets += ignored ? 0 : size;
        }
    }
    return octets;
}

} // namespace watchpost::collector
