#include "store/sqlite/sqlite_store.h"

#include <gtest/gtest.h>

#include "store/sqlite/database.h"
#include "support/temp_dir.h"

namespace watchpost::store {
namespace {

TEST(SqliteOpen, WhatIsNoStoreIsRefusedWithTheRemedy)
{
    const test::TempDir folder;
    const auto file = folder.write("store.db", std::string(8192, 'x'));
    const auto refused = open_sqlite_store(file.string());
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), base::ErrorCode::damaged);
    EXPECT_NE(refused.error().message().find("backup"), std::string::npos);
}

TEST(SqliteOpen, ADamagedPageIsFoundAtTheStart)
{
    const test::TempDir folder;
    const auto file = folder / "store.db";
    ASSERT_TRUE(open_sqlite_store(file.string()).has_value());
    auto bytes = test::read_file(file);
    ASSERT_GT(bytes.size(), 3U * 4096);
    std::fill(bytes.begin() + 4096, bytes.begin() + 3 * 4096, '\x5a');
    folder.write("store.db", bytes);
    const auto refused = open_sqlite_store(file.string());
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), base::ErrorCode::damaged);
}

TEST(SqliteOpen, AStoreOfANewerProgramIsRefusedWithTheRemedy)
{
    const test::TempDir folder;
    const auto file = (folder / "store.db").string();
    ASSERT_TRUE(open_sqlite_store(file).has_value());
    {
        const auto raw = sqlite::Connection::open(file, sqlite::Access::read_write);
        ASSERT_TRUE(raw.value()->execute("PRAGMA user_version = 9999").has_value());
    }
    const auto refused = open_sqlite_store(file);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), base::ErrorCode::unsupported);
    EXPECT_NE(refused.error().message().find("newer Watchpost"), std::string::npos);
}

TEST(SqliteOpen, AMissingFolderIsNamed)
{
    const auto refused = open_sqlite_store("/nonexistent/store.db");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), base::ErrorCode::permission_denied);
}

TEST(SqliteTransaction, WhatWasNotCommittedIsRolledBack)
{
    const test::TempDir folder;
    const auto connection = std::move(
        sqlite::Connection::open((folder / "x.db").string(), sqlite::Access::read_write).value());
    ASSERT_TRUE(connection->execute("CREATE TABLE t (a)").has_value());
    {
        const auto transaction = sqlite::Transaction::begin(*connection).value();
        ASSERT_TRUE(connection->execute("INSERT INTO t VALUES (1)").has_value());
    }
    auto count = connection->prepare("SELECT COUNT(*) FROM t");
    ASSERT_TRUE(count.step().value());
    EXPECT_EQ(count.number(0), 0);
}

} // namespace
} // namespace watchpost::store
