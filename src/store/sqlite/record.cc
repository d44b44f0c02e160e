// Messages on their way in: recorded once a spool id, an alert raised once a message.
#include <algorithm>
#include <iterator>

#include "store/sqlite/alert_rows.h"
#include "store/sqlite/sqlite_store_impl.h"
#include "store/sqlite/words.h"

namespace watchpost::store::sqlite {

using base::Result;

Result<std::optional<AlertId>> SqliteStore::alert_of(Connection& connection, MessageId id) const
{
    auto read = connection.prepare("SELECT id FROM alerts WHERE message_id = ?");
    auto row = read.bind(id.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    return *row ? AlertId::parse(read.text(0)) : std::nullopt;
}

Result<void> SqliteStore::insert_message(const MessageRecord& record)
{
    auto inserted =
        writer_
            ->prepare("INSERT INTO messages (id, tenant_id, node_id, mailbox_id, received_at, "
                      "inspected_at, octets, sha256, message_id_field, is_detected, is_partial, "
                      "awaits_reinspection, importance, content_kept) "
                      "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
                      "inspected_at = excluded.inspected_at, is_detected = excluded.is_detected, "
                      "is_partial = excluded.is_partial, "
                      "awaits_reinspection = excluded.awaits_reinspection, "
                      "importance = excluded.importance, content_kept = excluded.content_kept")
            .bind(record.id.to_string())
            .bind(tenant())
            .bind(node())
            .bind(record.mailbox.to_string())
            .bind(record.received_at)
            .bind(record.inspected_at)
            .bind(static_cast<std::int64_t>(record.octets))
            .bind(record.sha256)
            .bind(record.message_id_field)
            .bind(std::int64_t{record.is_detected})
            .bind(std::int64_t{record.is_partial})
            .bind(std::int64_t{record.awaits_reinspection})
            .bind(static_cast<std::int64_t>(record.importance))
            .bind(std::int64_t{record.content_kept})
            .run();
    if (!inserted) {
        return inserted;
    }
    return writer_
        ->prepare("INSERT INTO reports (message_id, tenant_id, node_id, report_json) VALUES "
                  "(?,?,?,?) ON CONFLICT (message_id) DO UPDATE SET report_json = "
                  "excluded.report_json")
        .bind(record.id.to_string())
        .bind(tenant())
        .bind(node())
        .bind(record.report_json)
        .run();
}

namespace {

/// Never before the newest alert, so that numbers and times sort alike when the clock was set back.
Result<base::Instant> next_creation_time(Connection& connection)
{
    auto read = connection.prepare("SELECT created_at FROM alerts ORDER BY number DESC LIMIT 1");
    auto row = read.step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    const base::Instant now = base::now();
    return *row ? std::max(now, read.instant(0)) : now;
}

Alert to_alert(const MessageRecord& record, base::Instant at)
{
    Alert alert;
    alert.id = AlertId::make(at);
    alert.importance = record.importance;
    alert.is_partial = record.is_partial;
    alert.created_at = at;
    alert.updated_at = at;
    alert.engines = record.engines;
    return alert;
}

/// External-content FTS5: the index is told what the row's columns are.
Result<void> index_alert(Connection& connection, std::int64_t number)
{
    return connection
        .prepare(
            "INSERT INTO alert_words (rowid, sender, recipients, subject, rules, tags) SELECT "
            "number, sender, recipients, subject, rules, tags FROM alert_texts WHERE number = ?")
        .bind(number)
        .run();
}

Result<void> unindex_alert(Connection& connection, std::int64_t number)
{
    return connection
        .prepare("INSERT INTO alert_words (alert_words, rowid, sender, recipients, subject, rules, "
                 "tags) SELECT 'delete', number, sender, recipients, subject, rules, tags FROM "
                 "alert_texts WHERE number = ?")
        .bind(number)
        .run();
}

Result<std::int64_t> number_of(Connection& connection, AlertId id)
{
    auto read = connection.prepare("SELECT number FROM alerts WHERE id = ?");
    auto row = read.bind(id.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (!*row) {
        return base::fail(base::ErrorCode::not_found, base::Retry::never, "there is no such alert");
    }
    return read.number(0);
}

/// False where no inspector gave an answer: what is known of the message is not less for it.
bool tells_message(const MessageRecord& record)
{
    return !record.sender.empty() || !record.recipients.empty() || !record.subject.empty() ||
           !record.message_id_field.empty() || !record.copy_form.empty();
}

Result<void> update_message_columns(Connection& connection, std::int64_t number,
                                    const MessageRecord& record)
{
    return connection
        .prepare("UPDATE alerts SET sender = ?, recipients = ?, blind_recipients = ?, subject = ?, "
                 "copy_form = ?, arrived_from = ? WHERE number = ?")
        .bind(record.sender)
        .bind(to_json_array(record.recipients))
        .bind(to_json_array(record.blind_recipients))
        .bind(record.subject)
        .bind(record.copy_form)
        .bind(record.arrived_from)
        .bind(number)
        .run();
}

} // namespace

Result<AlertId> SqliteStore::insert_alert(const MessageRecord& record)
{
    const auto at = next_creation_time(*writer_);
    if (!at) {
        return pass_on(at.error());
    }
    const Alert alert = to_alert(record, *at);
    auto insert = writer_->prepare(
        "INSERT INTO alerts (id, tenant_id, node_id, message_id, mailbox_id, state, importance, "
        "is_partial, created_at, updated_at, received_at, sentence, sender, recipients, "
        "blind_recipients, subject, copy_form, arrived_from, engines, rules, tags) VALUES "
        "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING number");
    insert.bind(alert.id.to_string()).bind(tenant()).bind(node()).bind(record.id.to_string());
    insert.bind(record.mailbox.to_string()).bind(static_cast<std::int64_t>(alert.state));
    insert.bind(static_cast<std::int64_t>(alert.importance)).bind(std::int64_t{alert.is_partial});
    insert.bind(alert.created_at).bind(alert.updated_at).bind(record.received_at);
    insert.bind(record.sentence).bind(record.sender).bind(to_json_array(record.recipients));
    insert.bind(to_json_array(record.blind_recipients)).bind(record.subject);
    insert.bind(record.copy_form).bind(record.arrived_from);
    insert.bind(join_words(record.engines)).bind(join_words(record.rules));
    auto row = insert.bind(tags_of(alert)).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    auto indexed = index_alert(*writer_, insert.number(0));
    if (!indexed) {
        return pass_on(std::move(indexed.error()));
    }
    const AlertChange raised{AlertAction::raised, std::nullopt, {}};
    auto noted = insert_history(alert.id, *at, raised, Actor{});
    return noted ? Result<AlertId>{alert.id} : pass_on(std::move(noted.error()));
}

Result<bool> SqliteStore::has_row(const char* select, MessageId id)
{
    auto read = writer_->prepare(select);
    auto row = read.bind(id.to_string()).step();
    return row ? Result<bool>{*row} : pass_on(std::move(row.error()));
}

Result<void> SqliteStore::insert_refetched(const MessageRecord& record)
{
    return writer_
        ->prepare("INSERT INTO fetched_again (id, tenant_id, node_id, message_id) VALUES (?,?,?,?)")
        .bind(record.refetched_as->to_string())
        .bind(tenant())
        .bind(node())
        .bind(record.id.to_string())
        .run();
}

/// A message that is not recorded yet, or not any more.
Result<Recorded> SqliteStore::record_first(const MessageRecord& record)
{
    if (auto inserted = insert_message(record); !inserted) {
        return pass_on(std::move(inserted.error()));
    }
    if (!record.is_detected) {
        return Recorded{true, std::nullopt};
    }
    auto alert = insert_alert(record);
    return alert ? Result<Recorded>{Recorded{true, *alert}} : pass_on(std::move(alert.error()));
}

Result<Recorded> SqliteStore::record_once(const MessageRecord& record)
{
    const auto is_known = has_row("SELECT 1 FROM messages WHERE id = ?", record.id);
    const auto is_refetch_known =
        record.refetched_as
            ? has_row("SELECT 1 FROM fetched_again WHERE id = ?", *record.refetched_as)
            : Result<bool>{true};
    if (!is_known || !is_refetch_known) {
        return pass_on(is_known ? is_refetch_known.error() : is_known.error());
    }
    Result<Recorded> recorded;
    if (!*is_known) {
        recorded = record_first(record);
    } else if (!*is_refetch_known) {
        recorded = renew(record);
    } else {
        auto alert = alert_of(*writer_, record.id);
        recorded =
            alert ? Result<Recorded>{Recorded{false, *alert}} : pass_on(std::move(alert.error()));
    }
    if (recorded && !*is_refetch_known) {
        if (auto inserted = insert_refetched(record); !inserted) {
            return pass_on(std::move(inserted.error()));
        }
    }
    return recorded;
}

Result<Recorded> SqliteStore::record(const MessageRecord& record)
{
    Result<Recorded> recorded;
    auto written = write([&]() -> Result<void> {
        recorded = record_once(record);
        return recorded ? Result<void>{} : base::fail(recorded.error());
    });
    return written ? recorded : pass_on(std::move(written.error()).during("record a message"));
}

Result<void> SqliteStore::refresh_alert(AlertId id, const MessageRecord& record)
{
    const auto number = number_of(*writer_, id);
    if (!number) {
        return pass_on(number.error());
    }
    auto row = alert_row(*writer_, Scope{tenant_}, id);
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    Alert after = *row;
    after.importance = std::max(after.importance, record.importance);
    after.is_partial = record.is_partial;
    after.engines = record.engines;
    auto done = unindex_alert(*writer_, *number);
    if (done) {
        done = writer_
                   ->prepare("UPDATE alerts SET importance = ?, is_partial = ?, engines = ?, rules "
                             "= ?, sentence = ?, updated_at = ?, tags = ? WHERE number = ?")
                   .bind(static_cast<std::int64_t>(after.importance))
                   .bind(std::int64_t{after.is_partial})
                   .bind(join_words(after.engines))
                   .bind(join_words(record.rules))
                   .bind(record.sentence)
                   .bind(base::now())
                   .bind(tags_of(after))
                   .bind(*number)
                   .run();
    }
    if (done && tells_message(record)) {
        done = update_message_columns(*writer_, *number, record);
    }
    return done ? index_alert(*writer_, *number) : done;
}

Result<void> SqliteStore::update_alert(const Alert& before, const Alert& after)
{
    const auto number = number_of(*writer_, before.id);
    if (!number) {
        return pass_on(number.error());
    }
    auto done = unindex_alert(*writer_, *number);
    if (done) {
        auto update = writer_->prepare("UPDATE alerts SET state = ?, assignee_id = ?, updated_at = "
                                       "?, tags = ? WHERE number = ?");
        update.bind(static_cast<std::int64_t>(after.state));
        after.assignee ? update.bind(after.assignee->to_string()) : update.bind_null();
        done = update.bind(after.updated_at).bind(tags_of(after)).bind(*number).run();
    }
    return done ? index_alert(*writer_, *number) : done;
}

Result<std::vector<MessageId>> SqliteStore::recorded(const std::vector<MessageId>& ids) const
{
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    std::ranges::transform(ids, std::back_inserter(texts), &MessageId::to_string);
    return readers_.with([&](Connection& connection) -> Result<std::vector<MessageId>> {
        auto read = connection.prepare(
            "SELECT id FROM messages WHERE id IN (SELECT value FROM json_each(?1)) UNION "
            "SELECT id FROM fetched_again WHERE id IN (SELECT value FROM json_each(?1))");
        read.bind(to_json_array(texts));
        return all_rows(read, [](const Statement& row) {
            return MessageId::parse(row.text(0)).value_or(MessageId{});
        });
    });
}

Result<std::vector<AwaitingMessage>> SqliteStore::awaiting_reinspection(std::uint32_t limit) const
{
    return readers_.with([&](Connection& connection) -> Result<std::vector<AwaitingMessage>> {
        auto read = connection.prepare("SELECT id, mailbox_id FROM messages WHERE "
                                       "awaits_reinspection = 1 ORDER BY received_at DESC LIMIT ?");
        read.bind(std::int64_t{limit});
        return all_rows(read, [](const Statement& row) {
            return AwaitingMessage{MessageId::parse(row.text(0)).value_or(MessageId{}),
                                   MailboxId::parse(row.text(1)).value_or(MailboxId{})};
        });
    });
}

} // namespace watchpost::store::sqlite
