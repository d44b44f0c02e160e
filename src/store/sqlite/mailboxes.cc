// POP3 integrations. A removed one keeps its row, since alerts still name it.
#include "store/sqlite/sqlite_store_impl.h"

namespace watchpost::store::sqlite {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::string_view mailbox_columns =
    "SELECT id, node_id, name, settings_json, sealed_password, version, generation FROM mailboxes "
    "WHERE is_removed = 0 ";

MailboxRecord read_mailbox(const Statement& row)
{
    MailboxRecord mailbox;
    mailbox.id = MailboxId::parse(row.text(0)).value_or(MailboxId{});
    mailbox.node = NodeId::parse(row.text(1)).value_or(NodeId{});
    mailbox.name = row.text(2);
    mailbox.settings_json = row.text(3);
    mailbox.sealed_password = row.text(4);
    mailbox.version = static_cast<std::uint64_t>(row.number(5));
    mailbox.generation = static_cast<std::uint32_t>(row.number(6));
    return mailbox;
}

Result<MailboxRecord> one_mailbox(Connection& connection, MailboxId id)
{
    auto read = connection.prepare(std::string{mailbox_columns} + "AND id = ?");
    auto row = read.bind(id.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (!*row) {
        return base::fail(ErrorCode::not_found, Retry::never, "there is no such mailbox");
    }
    return read_mailbox(read);
}

} // namespace

Result<std::vector<MailboxRecord>> SqliteStore::mailboxes() const
{
    return readers_.with([](Connection& connection) -> Result<std::vector<MailboxRecord>> {
        auto read = connection.prepare(std::string{mailbox_columns} + "ORDER BY id");
        return all_rows(read, read_mailbox);
    });
}

Result<MailboxRecord> SqliteStore::mailbox(MailboxId id) const
{
    return readers_.with([&](Connection& connection) { return one_mailbox(connection, id); });
}

Result<MailboxRecord> SqliteStore::add_mailbox(const MailboxRecord& mailbox, const Actor& actor)
{
    MailboxRecord added = mailbox;
    added.node = node_;
    added.version = 1;
    auto written = write([&]() -> Result<void> {
        auto insert = writer_->prepare(
            "INSERT INTO mailboxes (id, tenant_id, node_id, name, settings_json, sealed_password, "
            "version, generation) VALUES (?,?,?,?,?,?,?,?)");
        insert.bind(added.id.to_string()).bind(tenant()).bind(node()).bind(added.name);
        insert.bind(added.settings_json).bind(added.sealed_password);
        insert.bind(static_cast<std::int64_t>(added.version));
        auto done = insert.bind(std::int64_t{added.generation}).run();
        return done ? insert_audit(actor, "mailbox.added", added.name, added.settings_json) : done;
    });
    return written ? Result<MailboxRecord>{added} : pass_on(std::move(written.error()));
}

Result<MailboxRecord> SqliteStore::apply_mailbox(const MailboxRecord& mailbox, const Actor& actor)
{
    MailboxRecord applied = mailbox;
    auto written = write([&]() -> Result<void> {
        auto known = one_mailbox(*writer_, mailbox.id);
        if (!known) {
            return pass_on(std::move(known.error()));
        }
        if (known->version != mailbox.version) {
            return base::fail(ErrorCode::busy, Retry::never,
                              "somebody else applied other settings meanwhile: read them and apply "
                              "yours again");
        }
        applied.node = known->node;
        applied.version = known->version + 1;
        auto update =
            writer_->prepare("UPDATE mailboxes SET name = ?, settings_json = ?, "
                             "sealed_password = ?, version = ?, generation = ? WHERE id = ?");
        update.bind(applied.name).bind(applied.settings_json).bind(applied.sealed_password);
        update.bind(static_cast<std::int64_t>(applied.version));
        auto done =
            update.bind(std::int64_t{applied.generation}).bind(applied.id.to_string()).run();
        return done ? insert_audit(actor, "mailbox.applied", applied.name, applied.settings_json)
                    : done;
    });
    return written ? Result<MailboxRecord>{applied} : pass_on(std::move(written.error()));
}

Result<void> SqliteStore::remove_mailbox(MailboxId id, const Actor& actor)
{
    return write([&]() -> Result<void> {
        auto known = one_mailbox(*writer_, id);
        if (!known) {
            return pass_on(std::move(known.error()));
        }
        auto done = writer_
                        ->prepare("UPDATE mailboxes SET is_removed = 1, sealed_password = '' WHERE "
                                  "id = ?")
                        .bind(id.to_string())
                        .run();
        return done ? insert_audit(actor, "mailbox.removed", known->name, "{}") : done;
    });
}

} // namespace watchpost::store::sqlite
