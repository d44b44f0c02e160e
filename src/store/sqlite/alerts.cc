// One alert: its detail and the steps of its life.
#include "base/assert.h"
#include "store/sqlite/alert_rows.h"
#include "store/sqlite/sqlite_store_impl.h"

namespace watchpost::store::sqlite {

using base::ErrorCode;
using base::Result;
using base::Retry;

Result<Alert> SqliteStore::alert_row(Connection& connection, const Scope& scope, AlertId id) const
{
    auto read = connection.prepare(WP_ALERT_COLUMNS "WHERE alerts.id = ? AND alerts.tenant_id = ?");
    auto row = read.bind(id.to_string()).bind(scope.tenant.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (!*row) {
        return base::fail(ErrorCode::not_found, Retry::never, "there is no such alert");
    }
    return read_alert(read).alert;
}

namespace {

std::optional<UserId> optional_user(const Statement& row, int column)
{
    return row.is_null(column) ? std::nullopt : UserId::parse(row.text(column));
}

Result<std::vector<HistoryEntry>> history_of(Connection& connection, AlertId id)
{
    auto read = connection.prepare("SELECT at, action, user_id, user_name, assignee_id, "
                                   "assignee_name, comment FROM alert_history WHERE alert_id = ? "
                                   "ORDER BY number");
    read.bind(id.to_string());
    return all_rows(read, [](const Statement& row) {
        return HistoryEntry{row.instant(0),
                            static_cast<AlertAction>(row.number(1)),
                            optional_user(row, 2),
                            row.text(3),
                            optional_user(row, 4),
                            row.text(5),
                            row.text(6)};
    });
}

Result<void> read_message(Connection& connection, AlertDetail& detail)
{
    auto read = connection.prepare("SELECT octets, sha256, content_kept, report_json FROM messages "
                                   "JOIN reports ON reports.message_id = messages.id WHERE id = ?");
    auto row = read.bind(detail.alert.message.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (*row) {
        detail.octets = static_cast<std::uint64_t>(read.number(0));
        detail.sha256 = read.text(1);
        detail.content_kept = read.flag(2);
        detail.report_json = read.text(3);
    }
    return {};
}

base::Failure not_allowed(std::string message)
{
    return base::fail(ErrorCode::busy, Retry::never, std::move(message));
}

/// The alert after the change, or why its state does not allow it.
Result<Alert> after_change(const Alert& before, const AlertChange& change, const Actor& actor)
{
    Alert after = before;
    switch (change.action) {
    case AlertAction::assigned:
        if (before.state == AlertState::processed) {
            return not_allowed("the alert is processed: reopen it first");
        }
        after.state = AlertState::in_process;
        after.assignee = change.assignee;
        return after;
    case AlertAction::closed:
        if (before.state == AlertState::processed) {
            return not_allowed("the alert is processed already");
        }
        after.state = AlertState::processed;
        after.assignee = actor.user; // whoever closes somebody else's alert has processed it
        return after;
    case AlertAction::reopened:
        if (before.state != AlertState::processed) {
            return not_allowed("the alert is open already");
        }
        after.state = AlertState::in_process;
        after.assignee = actor.user;
        return after;
    case AlertAction::commented:
    case AlertAction::raw_downloaded:
    case AlertAction::object_downloaded:
        return after;
    case AlertAction::raised:
    case AlertAction::inspected_again:
        break;
    }
    WP_UNREACHABLE("that is for record()");
}

std::string_view audit_word(AlertAction action)
{
    switch (action) {
    case AlertAction::raised:
        return "alert.raised";
    case AlertAction::assigned:
        return "alert.assigned";
    case AlertAction::commented:
        return "alert.commented";
    case AlertAction::closed:
        return "alert.closed";
    case AlertAction::reopened:
        return "alert.reopened";
    case AlertAction::raw_downloaded:
        return "alert.raw_downloaded";
    case AlertAction::inspected_again:
        return "alert.inspected_again";
    case AlertAction::object_downloaded:
        return "alert.object_downloaded";
    }
    WP_UNREACHABLE("an action without a word");
}

} // namespace

Result<AlertDetail> SqliteStore::alert(const Scope& scope, AlertId id) const
{
    return readers_.with([&](Connection& connection) -> Result<AlertDetail> {
        auto row = alert_row(connection, scope, id);
        if (!row) {
            return pass_on(std::move(row.error()));
        }
        AlertDetail detail;
        detail.alert = std::move(*row);
        auto read = read_message(connection, detail);
        if (!read) {
            return pass_on(std::move(read.error()));
        }
        auto history = history_of(connection, id);
        if (!history) {
            return pass_on(std::move(history.error()));
        }
        detail.history = std::move(*history);
        return detail;
    });
}

Result<void> SqliteStore::insert_history(AlertId id, base::Instant at, const AlertChange& change,
                                         const Actor& actor)
{
    std::string assignee_name;
    if (change.assignee) {
        auto name = user_name(*writer_, *change.assignee);
        if (!name) {
            return pass_on(std::move(name.error()));
        }
        assignee_name = std::move(*name);
    }
    auto insert = writer_->prepare("INSERT INTO alert_history (alert_id, tenant_id, node_id, at, "
                                   "action, user_id, user_name, assignee_id, assignee_name, "
                                   "comment) VALUES (?,?,?,?,?,?,?,?,?,?)");
    insert.bind(id.to_string()).bind(tenant()).bind(node()).bind(at);
    insert.bind(static_cast<std::int64_t>(change.action));
    actor.user == UserId{} ? insert.bind_null() : insert.bind(actor.user.to_string());
    insert.bind(actor.user_name);
    change.assignee ? insert.bind(change.assignee->to_string()) : insert.bind_null();
    return insert.bind(assignee_name).bind(change.comment).run();
}

Result<Alert> SqliteStore::change_alert(const Scope& scope, AlertId id, const AlertChange& change,
                                        const Actor& actor)
{
    Result<Alert> changed = base::fail(ErrorCode::internal, Retry::never, "not changed");
    auto written = write([&]() -> Result<void> {
        auto before = alert_row(*writer_, scope, id);
        if (!before) {
            return pass_on(std::move(before.error()));
        }
        auto after = after_change(*before, change, actor);
        if (!after) {
            return pass_on(std::move(after.error()));
        }
        after->updated_at = base::now();
        auto done = update_alert(*before, *after);
        if (done) {
            done = insert_history(id, after->updated_at, change, actor);
        }
        if (done) {
            done = insert_audit(actor, audit_word(change.action), id.to_string(), "{}");
        }
        changed = alert_row(*writer_, scope, id);
        return done;
    });
    return written ? changed : pass_on(std::move(written.error()));
}

} // namespace watchpost::store::sqlite
