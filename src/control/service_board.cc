#include "control/service_board.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <utility>

#include "control/messages.h"

namespace watchpost::control {
namespace {

constexpr std::string_view collector_is_away =
    "The collector is not there: nothing is collected until the supervisor has started it again. "
    "Mail stays on the mail servers.";
constexpr std::string_view pipeline_is_away =
    "The pipeline is not there: nothing is inspected until the supervisor has started it again. "
    "Messages wait in the spool.";

void add_disk(api::ServiceStatus& status, const std::filesystem::path& folder)
{
    struct statvfs disk = {};
    if (::statvfs(folder.c_str(), &disk) == 0) {
        status.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
        status.disk_total_bytes = std::uint64_t{disk.f_blocks} * disk.f_frsize;
    }
}

} // namespace

ServiceBoard::ServiceBoard(std::string product_version, std::filesystem::path state,
                           std::vector<std::string> warnings)
    : version_{std::move(product_version)}
    , state_{std::move(state)}
    , lasting_warnings_{std::move(warnings)}
{
}

void ServiceBoard::note_presence(const std::string& role, bool is_present)
{
    const std::lock_guard guard{lock_};
    presence_[role] = is_present;
}

void ServiceBoard::note_mailbox(store::MailboxId id, const collector::MailboxStatus& status)
{
    const std::lock_guard guard{lock_};
    mailboxes_[id] = status;
}

void ServiceBoard::keep_mailboxes(const std::vector<store::MailboxRecord>& mailboxes)
{
    const std::lock_guard guard{lock_};
    std::erase_if(mailboxes_, [&](const auto& entry) {
        return std::ranges::none_of(mailboxes,
                                    [&](const auto& mailbox) { return mailbox.id == entry.first; });
    });
}

void ServiceBoard::note(const collector::CollectorStatus& status)
{
    const std::lock_guard guard{lock_};
    collector_ = status;
}

void ServiceBoard::note(const pipeline::PipelineStatus& status)
{
    const std::lock_guard guard{lock_};
    pipeline_ = status;
}

void ServiceBoard::note(std::vector<api::ProcessStatus> processes)
{
    const std::lock_guard guard{lock_};
    processes_ = std::move(processes);
}

void ServiceBoard::note_trouble(const std::string& step, const std::string& text)
{
    const std::lock_guard guard{lock_};
    if (text.empty()) {
        troubles_.erase(step);
    } else {
        troubles_[step] = text;
    }
}

api::MailboxStatus ServiceBoard::mailbox(store::MailboxId id) const
{
    const std::lock_guard guard{lock_};
    const auto found = mailboxes_.find(id);
    auto status = found == mailboxes_.end() ? api::MailboxStatus{} : found->second;
    const auto presence = presence_.find(std::string{collector_role});
    if (presence != presence_.end() && !presence->second &&
        status.state != api::MailboxState::disabled) {
        status.state = api::MailboxState::error;
        status.last_error = collector_is_away;
    }
    return status;
}

std::uint32_t ServiceBoard::builtin_rule_count() const
{
    const std::lock_guard guard{lock_};
    return pipeline_.builtin_rule_count;
}

void ServiceBoard::add_warnings(api::ServiceStatus& status) const
{
    status.warnings = lasting_warnings_;
    for (const auto& [role, is_present] : presence_) {
        if (!is_present && role == collector_role) {
            status.warnings.emplace_back(collector_is_away);
        } else if (!is_present && role == pipeline_role) {
            status.warnings.emplace_back(pipeline_is_away);
        }
    }
    for (const auto* list : {&collector_.warnings, &pipeline_.warnings}) {
        status.warnings.insert(status.warnings.end(), list->begin(), list->end());
    }
    for (const auto& [step, text] : troubles_) {
        status.warnings.push_back(step);
        status.warnings.back().append(": ").append(text);
    }
}

api::ServiceStatus ServiceBoard::status() const
{
    api::ServiceStatus status;
    add_disk(status, state_);
    const std::lock_guard guard{lock_};
    status.version = version_;
    status.started_at = started_at_;
    status.processes = processes_;
    for (const auto& engine : pipeline_.engines) {
        status.engines.push_back({engine.name, engine.state, engine.version, engine.last_error});
    }
    status.backlog = pipeline_.backlog;
    status.awaiting_reinspection = pipeline_.awaiting_reinspection;
    status.oldest_at = pipeline_.oldest_at;
    status.spool_bytes = collector_.spool_octets;
    status.spool_bytes_max = collector_.spool_octets_max;
    status.is_collecting_paused = collector_.is_paused;
    add_warnings(status);
    return status;
}

} // namespace watchpost::control
