// YARA files, settings, audit.
#include "store/sqlite/sqlite_store_impl.h"

namespace watchpost::store::sqlite {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::string_view yara_columns =
    "SELECT id, name, source, rule_count, importance, created_at, created_by, created_by_name FROM "
    "yara_files ";

YaraFile read_yara(const Statement& row)
{
    YaraFile file;
    file.id = YaraFileId::parse(row.text(0)).value_or(YaraFileId{});
    file.name = row.text(1);
    file.source = row.text(2);
    file.rule_count = static_cast<std::uint32_t>(row.number(3));
    file.importance = static_cast<verdict::Importance>(row.number(4));
    file.created_at = row.instant(5);
    if (!row.is_null(6)) {
        file.created_by = UserId::parse(row.text(6));
    }
    file.created_by_name = row.text(7);
    return file;
}

Result<YaraFile> one_yara(Connection& connection, std::string_view where, const std::string& value)
{
    auto read = connection.prepare(std::string{yara_columns} + std::string{where});
    auto row = read.bind(value).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (!*row) {
        return base::fail(ErrorCode::not_found, Retry::never, "there is no such rule file");
    }
    return read_yara(read);
}

} // namespace

Result<std::vector<YaraFile>> SqliteStore::yara_files() const
{
    return readers_.with([](Connection& connection) -> Result<std::vector<YaraFile>> {
        auto read = connection.prepare(std::string{yara_columns} + "ORDER BY name");
        return all_rows(read, read_yara);
    });
}

Result<YaraFile> SqliteStore::yara_file(YaraFileId id) const
{
    return readers_.with([&](Connection& connection) {
        return one_yara(connection, "WHERE id = ?", id.to_string());
    });
}

Result<void> SqliteStore::add_yara_file(const YaraFile& file, const Actor& actor)
{
    return write([&]() -> Result<void> {
        if (one_yara(*writer_, "WHERE name = ?", file.name)) {
            return base::fail(ErrorCode::busy, Retry::never,
                              "there is a rule file of that name already: delete it first");
        }
        auto insert = writer_->prepare(
            "INSERT INTO yara_files (id, tenant_id, node_id, name, source, rule_count, importance, "
            "created_at, created_by, created_by_name) VALUES (?,?,?,?,?,?,?,?,?,?)");
        insert.bind(file.id.to_string()).bind(tenant()).bind(node()).bind(file.name);
        insert.bind(file.source).bind(std::int64_t{file.rule_count});
        insert.bind(static_cast<std::int64_t>(file.importance)).bind(file.created_at);
        file.created_by ? insert.bind(file.created_by->to_string()) : insert.bind_null();
        auto done = insert.bind(file.created_by_name).run();
        return done ? insert_audit(actor, "yara.added", file.name, "{}") : done;
    });
}

Result<void> SqliteStore::remove_yara_file(YaraFileId id, const Actor& actor)
{
    return write([&]() -> Result<void> {
        auto known = one_yara(*writer_, "WHERE id = ?", id.to_string());
        if (!known) {
            return pass_on(std::move(known.error()));
        }
        auto done =
            writer_->prepare("DELETE FROM yara_files WHERE id = ?").bind(id.to_string()).run();
        return done ? insert_audit(actor, "yara.removed", known->name, "{}") : done;
    });
}

Result<std::optional<std::string>> SqliteStore::setting(const std::string& name) const
{
    return readers_.with([&](Connection& connection) -> Result<std::optional<std::string>> {
        auto read = connection.prepare(
            "SELECT value FROM settings WHERE tenant_id = ? AND node_id = ? AND name = ?");
        auto row = read.bind(tenant()).bind(node()).bind(name).step();
        if (!row) {
            return pass_on(std::move(row.error()));
        }
        return *row ? std::optional{read.text(0)} : std::nullopt;
    });
}

Result<void> SqliteStore::set_setting(const std::string& name, const std::string& value,
                                      const Actor& actor)
{
    return write([&]() -> Result<void> {
        auto done = writer_
                        ->prepare("INSERT INTO settings (tenant_id, node_id, name, value) VALUES "
                                  "(?,?,?,?) ON CONFLICT DO UPDATE SET value = excluded.value")
                        .bind(tenant())
                        .bind(node())
                        .bind(name)
                        .bind(value)
                        .run();
        // The value may be a key or a certificate: the audit row names the setting alone.
        return done ? insert_audit(actor, "setting.changed", name, "{}") : done;
    });
}

Result<void> SqliteStore::insert_audit(const Actor& actor, std::string_view action,
                                       std::string_view object, std::string_view detail)
{
    auto insert =
        writer_->prepare("INSERT INTO audit (tenant_id, node_id, at, user_id, user_name, "
                         "peer_address, action, object, detail) VALUES (?,?,?,?,?,?,?,?,?)");
    insert.bind(tenant()).bind(node()).bind(base::now());
    actor.user == UserId{} ? insert.bind_null() : insert.bind(actor.user.to_string());
    insert.bind(actor.user_name).bind(actor.peer_address).bind(action);
    return insert.bind(object).bind(detail).run();
}

Result<void> SqliteStore::audit(const AuditRow& row)
{
    return write([&] { return insert_audit(row.actor, row.action, row.object, row.detail); });
}

Result<std::vector<AuditRow>> SqliteStore::audit_rows(std::uint32_t limit) const
{
    return readers_.with([&](Connection& connection) -> Result<std::vector<AuditRow>> {
        auto read =
            connection.prepare("SELECT at, user_id, user_name, peer_address, action, object, "
                               "detail FROM audit ORDER BY number DESC LIMIT ?");
        read.bind(std::int64_t{limit});
        return all_rows(read, [](const Statement& row) {
            return AuditRow{
                row.instant(0),
                Actor{UserId::parse(row.text(1)).value_or(UserId{}), row.text(2), row.text(3)},
                row.text(4), row.text(5), row.text(6)};
        });
    });
}

} // namespace watchpost::store::sqlite
