// The store: everything that control keeps, behind one interface with two implementations (SQLite
// now, PostgreSQL with the cluster) and one conformance suite that both must pass.
//
// Every change and its audit row are one transaction. Every row carries tenant_id and node_id.
// Reads take a Scope. Errors: not_found, busy (a conflict: stale version, a state that does not
// allow it, a taken name), invalid_argument (a foreign cursor), damaged, disk_full. Thread rule:
// writes from one thread at a time (the store-writer thread); reads from any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/records.h"

namespace watchpost::store {

class Store {
public:
    virtual ~Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    [[nodiscard]] virtual TenantId default_tenant() const = 0;
    [[nodiscard]] virtual NodeId this_node() const = 0; // made at the first start

    // Messages and alerts.
    /// What was fetched again of a recorded message is a repeated inspection of it; once a spool
    /// id.
    [[nodiscard]] virtual base::Result<Recorded> record(const MessageRecord& record) = 0;
    [[nodiscard]] virtual base::Result<AlertPage> alerts(const Scope& scope,
                                                         const AlertQuery& query) const = 0;
    [[nodiscard]] virtual base::Result<AlertDetail> alert(const Scope& scope, AlertId id) const = 0;
    [[nodiscard]] virtual base::Result<Alert>
    change_alert(const Scope& scope, AlertId id, const AlertChange& change, const Actor& actor) = 0;
    /// Newest first by receipt: which recorded messages wait for an engine that was down.
    [[nodiscard]] virtual base::Result<std::vector<AwaitingMessage>>
    awaiting_reinspection(std::uint32_t limit) const = 0;
    /// Which of these spool ids are recorded, those of repeated fetches too; each once, in any
    /// order.
    [[nodiscard]] virtual base::Result<std::vector<MessageId>>
    recorded(const std::vector<MessageId>& ids) const = 0;
    /// Replaces what an earlier inspection brought; raises an alert where there was none, and opens
    /// a processed one again where more is found. Mailbox, receipt, size and hash stay as they were
    /// recorded first, so that `record` need not know them; an alert keeps sender, recipients and
    /// subject, too, where `record` has none of them and no Message-ID. not_found: it was never
    /// recorded.
    [[nodiscard]] virtual base::Result<Recorded>
    record_reinspection(const MessageRecord& record) = 0;

    // Accounts.
    [[nodiscard]] virtual base::Result<std::vector<User>> users() const = 0;
    [[nodiscard]] virtual base::Result<User> user(UserId id) const = 0;
    [[nodiscard]] virtual base::Result<User> user_by_name(const std::string& name) const = 0;
    [[nodiscard]] virtual base::Result<void> add_user(const User& user, const Actor& actor) = 0;
    /// Changes everything but id, name and created_at. Refuses (busy) to leave no enabled
    /// administrator.
    [[nodiscard]] virtual base::Result<void> change_user(const User& user, const Actor& actor,
                                                         const std::string& what) = 0;
    /// Counters of sign-in: no audit row of its own.
    [[nodiscard]] virtual base::Result<void> note_sign_in(const User& user) = 0;

    // Mailboxes.
    [[nodiscard]] virtual base::Result<std::vector<MailboxRecord>> mailboxes() const = 0;
    [[nodiscard]] virtual base::Result<MailboxRecord> mailbox(MailboxId id) const = 0;
    [[nodiscard]] virtual base::Result<MailboxRecord> add_mailbox(const MailboxRecord& mailbox,
                                                                  const Actor& actor) = 0;
    [[nodiscard]] virtual base::Result<MailboxRecord> apply_mailbox(const MailboxRecord& mailbox,
                                                                    const Actor& actor) = 0;
    [[nodiscard]] virtual base::Result<void> remove_mailbox(MailboxId id, const Actor& actor) = 0;

    // YARA files, settings, audit.
    [[nodiscard]] virtual base::Result<std::vector<YaraFile>> yara_files() const = 0;
    [[nodiscard]] virtual base::Result<YaraFile> yara_file(YaraFileId id) const = 0;
    [[nodiscard]] virtual base::Result<void> add_yara_file(const YaraFile& file,
                                                           const Actor& actor) = 0;
    [[nodiscard]] virtual base::Result<void> remove_yara_file(YaraFileId id,
                                                              const Actor& actor) = 0;
    [[nodiscard]] virtual base::Result<std::optional<std::string>>
    setting(const std::string& name) const = 0;
    [[nodiscard]] virtual base::Result<void>
    set_setting(const std::string& name, const std::string& value, const Actor& actor) = 0;
    [[nodiscard]] virtual base::Result<void> audit(const AuditRow& row) = 0;
    [[nodiscard]] virtual base::Result<std::vector<AuditRow>>
    audit_rows(std::uint32_t limit) const = 0;

protected:
    Store() = default;
};

} // namespace watchpost::store
