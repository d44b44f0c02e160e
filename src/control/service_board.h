// What is known of the running service: the last that each process said of itself, and whether it
// is there. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/backend.h"
#include "base/time.h"
#include "collector/service_messages.h"
#include "pipeline/service_messages.h"

namespace watchpost::control {

class ServiceBoard {
public:
    /// `warnings` hold as long as the service runs.
    ServiceBoard(std::string product_version, std::filesystem::path state,
                 std::vector<std::string> warnings);

    void note_presence(const std::string& role, bool is_present);
    void note_mailbox(store::MailboxId id, const collector::MailboxStatus& status);
    /// Forgets the mailboxes that are not among these.
    void keep_mailboxes(const std::vector<store::MailboxRecord>& mailboxes);
    void note(const collector::CollectorStatus& status);
    void note(const pipeline::PipelineStatus& status);
    void note(std::vector<api::ProcessStatus> processes);
    /// A step of control's own that failed; empty: it works again.
    void note_trouble(const std::string& step, const std::string& text);

    [[nodiscard]] api::MailboxStatus mailbox(store::MailboxId id) const;
    [[nodiscard]] std::uint32_t builtin_rule_count() const;
    [[nodiscard]] api::ServiceStatus status() const;

private:
    void add_warnings(api::ServiceStatus& status) const;

    const std::string version_;
    const std::filesystem::path state_;
    const std::vector<std::string> lasting_warnings_;
    const base::Instant started_at_ = base::now();
    mutable std::mutex lock_; // of all below
    std::map<std::string, bool> presence_;
    std::map<store::MailboxId, api::MailboxStatus> mailboxes_;
    collector::CollectorStatus collector_;
    pipeline::PipelineStatus pipeline_;
    std::vector<api::ProcessStatus> processes_;
    std::map<std::string, std::string> troubles_;
};

} // namespace watchpost::control
