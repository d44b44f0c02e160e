#include "store/sqlite/migrations.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/sqlite_store_impl.h"

namespace watchpost::store {

using base::Result;

namespace sqlite {

Result<std::unique_ptr<Connection>> ReaderPool::take()
{
    {
        const std::scoped_lock lock{mutex_};
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    return Connection::open(path_, Access::read_only);
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection)
{
    const std::scoped_lock lock{mutex_};
    idle_.push_back(std::move(connection));
}

Result<void> SqliteStore::load_identity()
{
    auto read = writer_->prepare("SELECT tenants.id, nodes.id FROM nodes JOIN tenants ON "
                                 "tenants.id = nodes.tenant_id WHERE nodes.is_this = 1");
    auto row = read.step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (*row) {
        tenant_ = TenantId::parse(read.text(0)).value_or(TenantId{});
        node_ = NodeId::parse(read.text(1)).value_or(NodeId{});
        return {};
    }
    tenant_ = TenantId::make();
    node_ = NodeId::make();
    return write([&]() -> Result<void> {
        auto made = writer_->prepare("INSERT INTO tenants (id, name) VALUES (?, 'default')")
                        .bind(tenant())
                        .run();
        if (!made) {
            return made;
        }
        return writer_->prepare("INSERT INTO nodes (id, tenant_id, is_this) VALUES (?, ?, 1)")
            .bind(node())
            .bind(tenant())
            .run();
    });
}

namespace {

/// SQLite's own check, stopped at the first fault.
Result<void> check_integrity(Connection& connection)
{
    auto check = connection.prepare("PRAGMA quick_check(1)");
    auto row = check.step();
    if (!row) {
        return base::fail(std::move(row.error()));
    }
    if (check.text(0) != "ok") {
        return base::fail(base::ErrorCode::damaged, base::Retry::never,
                          check.text(0) + "; stop Watchpost, keep a copy of the damaged file and "
                                          "restore the newest backup");
    }
    return {};
}

} // namespace
} // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path)
{
    auto writer = sqlite::Connection::open(path, sqlite::Access::read_write);
    if (!writer) {
        return base::fail(std::move(writer.error()));
    }
    auto checked = sqlite::check_integrity(**writer);
    if (checked) {
        checked = sqlite::migrate(**writer);
    }
    if (!checked) {
        return base::fail(std::move(checked.error()).during("check the store " + path));
    }
    auto store = std::make_unique<sqlite::SqliteStore>(std::move(*writer), path);
    auto loaded = store->load_identity();
    if (!loaded) {
        return base::fail(std::move(loaded.error()).during("open the store " + path));
    }
    return store;
}

} // namespace watchpost::store
