// Private: the implementation, one source a subject (alerts, alert_query, accounts, mailboxes,
// misc).
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite/database.h"
#include "store/store.h"

namespace watchpost::store::sqlite {

/// Read-only connections for any number of threads. Thread-safe.
class ReaderPool {
public:
    explicit ReaderPool(std::string path) : path_{std::move(path)} {}

    /// Runs `work(Connection&)` on an idle connection; one is opened where none is idle.
    template <typename Work>
    auto with(Work&& work) -> decltype(work(std::declval<Connection&>()))
    {
        auto connection = take();
        if (!connection) {
            return base::fail(std::move(connection.error()));
        }
        auto result = work(**connection);
        give_back(std::move(*connection));
        return result;
    }

private:
    base::Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection> connection);

    std::string path_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
};

class SqliteStore final : public Store {
public:
    SqliteStore(std::unique_ptr<Connection> writer, const std::string& path)
        : writer_{std::move(writer)}
        , readers_{path}
    {
    }

    /// Reads, or at the first start makes, the default tenant and this node.
    [[nodiscard]] base::Result<void> load_identity();

    [[nodiscard]] TenantId default_tenant() const override { return tenant_; }
    [[nodiscard]] NodeId this_node() const override { return node_; }

    [[nodiscard]] base::Result<Recorded> record(const MessageRecord& record) override;
    [[nodiscard]] base::Result<AlertPage> alerts(const Scope& scope,
                                                 const AlertQuery& query) const override;
    [[nodiscard]] base::Result<AlertDetail> alert(const Scope& scope, AlertId id) const override;
    [[nodiscard]] base::Result<Alert> change_alert(const Scope& scope, AlertId id,
                                                   const AlertChange& change,
                                                   const Actor& actor) override;
    [[nodiscard]] base::Result<std::vector<AwaitingMessage>>
    awaiting_reinspection(std::uint32_t limit) const override;
    [[nodiscard]] base::Result<std::vector<MessageId>>
    recorded(const std::vector<MessageId>& ids) const override;
    [[nodiscard]] base::Result<Recorded> record_reinspection(const MessageRecord& record) override;

    [[nodiscard]] base::Result<std::vector<User>> users() const override;
    [[nodiscard]] base::Result<User> user(UserId id) const override;
    [[nodiscard]] base::Result<User> user_by_name(const std::string& name) const override;
    [[nodiscard]] base::Result<void> add_user(const User& user, const Actor& actor) override;
    [[nodiscard]] base::Result<void> change_user(const User& user, const Actor& actor,
                                                 const std::string& what) override;
    [[nodiscard]] base::Result<void> note_sign_in(const User& user) override;

    [[nodiscard]] base::Result<std::vector<MailboxRecord>> mailboxes() const override;
    [[nodiscard]] base::Result<MailboxRecord> mailbox(MailboxId id) const override;
    [[nodiscard]] base::Result<MailboxRecord> add_mailbox(const MailboxRecord& mailbox,
                                                          const Actor& actor) override;
    [[nodiscard]] base::Result<MailboxRecord> apply_mailbox(const MailboxRecord& mailbox,
                                                            const Actor& actor) override;
    [[nodiscard]] base::Result<void> remove_mailbox(MailboxId id, const Actor& actor) override;

    [[nodiscard]] base::Result<std::vector<YaraFile>> yara_files() const override;
    [[nodiscard]] base::Result<YaraFile> yara_file(YaraFileId id) const override;
    [[nodiscard]] base::Result<void> add_yara_file(const YaraFile& file,
                                                   const Actor& actor) override;
    [[nodiscard]] base::Result<void> remove_yara_file(YaraFileId id, const Actor& actor) override;
    [[nodiscard]] base::Result<std::optional<std::string>>
    setting(const std::string& name) const override;
    [[nodiscard]] base::Result<void> set_setting(const std::string& name, const std::string& value,
                                                 const Actor& actor) override;
    [[nodiscard]] base::Result<void> audit(const AuditRow& row) override;
    [[nodiscard]] base::Result<std::vector<AuditRow>>
    audit_rows(std::uint32_t limit) const override;

private:
    /// Runs `change()` and the audit row in one transaction.
    template <typename Change>
    base::Result<void> write(Change&& change)
    {
        const std::scoped_lock lock{writer_mutex_};
        auto transaction = Transaction::begin(*writer_);
        if (!transaction) {
            return base::fail(std::move(transaction.error()));
        }
        base::Result<void> changed = change();
        return changed ? transaction->commit() : changed;
    }

    [[nodiscard]] std::string tenant() const { return tenant_.to_string(); }
    [[nodiscard]] std::string node() const { return node_.to_string(); }
    [[nodiscard]] base::Result<void> insert_audit(const Actor& actor, std::string_view action,
                                                  std::string_view object, std::string_view detail);
    [[nodiscard]] base::Result<void> insert_message(const MessageRecord& record);
    /// The record with what was noted at its first recording.
    [[nodiscard]] base::Result<MessageRecord> as_first_recorded(const MessageRecord& record);
    [[nodiscard]] base::Result<bool> has_row(const char* select, MessageId id);
    [[nodiscard]] base::Result<void> insert_refetched(const MessageRecord& record);
    [[nodiscard]] base::Result<Recorded> record_first(const MessageRecord& record);
    [[nodiscard]] base::Result<Recorded> record_once(const MessageRecord& record);
    [[nodiscard]] base::Result<Recorded> renew(const MessageRecord& record);
    [[nodiscard]] base::Result<bool> finds_more(const Alert& alert, const MessageRecord& record);
    [[nodiscard]] base::Result<bool> note_inspected_again(AlertId id, const MessageRecord& record);
    [[nodiscard]] base::Result<AlertId> insert_alert(const MessageRecord& record);
    [[nodiscard]] base::Result<void> insert_history(AlertId id, base::Instant at,
                                                    const AlertChange& change, const Actor& actor);
    [[nodiscard]] base::Result<std::optional<AlertId>> alert_of(Connection& connection,
                                                                MessageId id) const;
    [[nodiscard]] base::Result<Alert> alert_row(Connection& connection, const Scope& scope,
                                                AlertId id) const;
    [[nodiscard]] base::Result<void> update_alert(const Alert& before, const Alert& after);
    [[nodiscard]] base::Result<void> refresh_alert(AlertId id, const MessageRecord& record);
    [[nodiscard]] base::Result<std::string> user_name(Connection& connection, UserId id) const;

    std::mutex writer_mutex_; // the writer is one thread by contract; this keeps a mistake harmless
    std::unique_ptr<Connection> writer_;
    mutable ReaderPool readers_;
    TenantId tenant_;
    NodeId node_;
};

/// Turns a read error into a Failure of any Result.
[[nodiscard]] inline base::Failure pass_on(base::Error error)
{
    return base::fail(std::move(error));
}

} // namespace watchpost::store::sqlite
