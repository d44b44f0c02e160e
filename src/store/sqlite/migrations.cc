#include "store/sqlite/migrations.h"

#include <string>

namespace watchpost::store::sqlite {

using base::Result;

namespace {

Result<int> schema_version(Connection& connection)
{
    auto statement = connection.prepare("PRAGMA user_version");
    auto row = statement.step();
    if (!row) {
        return base::fail(std::move(row.error()));
    }
    return static_cast<int>(statement.number(0));
}

Result<void> apply(Connection& connection, const Migration& migration)
{
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return base::fail(std::move(transaction.error()));
    }
    auto applied = connection.execute(std::string{migration.sql});
    if (applied) {
        applied = connection.execute("PRAGMA user_version = " + std::to_string(migration.number));
    }
    return applied ? transaction->commit() : applied;
}

} // namespace

Result<void> migrate(Connection& connection)
{
    const auto version = schema_version(connection);
    if (!version) {
        return base::fail(base::Error{version.error()}.during("read the store's schema"));
    }
    const int newest = migrations().back().number;
    if (*version > newest) {
        return base::fail(base::ErrorCode::unsupported, base::Retry::never,
                          "the store has schema " + std::to_string(*version) +
                              ", this program knows up to " + std::to_string(newest) +
                              ": a newer Watchpost wrote it; run that one, or restore a backup "
                              "from before the upgrade");
    }
    for (const Migration& migration : migrations()) {
        if (migration.number <= *version) {
            continue;
        }
        auto applied = apply(connection, migration);
        if (!applied) {
            return base::fail(
                std::move(applied.error())
                    .during("migrate the store to schema " + std::to_string(migration.number)));
        }
    }
    return {};
}

} // namespace watchpost::store::sqlite
