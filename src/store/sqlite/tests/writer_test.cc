#include "store/writer.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::store {
namespace {

class StoreWriter : public testing::Test {
protected:
    test::TempDir folder;
    std::unique_ptr<Store> store =
        open_sqlite_store((folder.path() / "watchpost.sqlite").string()).value();
    Writer writer{*store};

    base::Result<void> set(const std::string& name, const std::string& value)
    {
        return writer.run([&](Store& target) { return target.set_setting(name, value, {}); });
    }
};

TEST_F(StoreWriter, GivesWhatTheChangeReturns)
{
    EXPECT_EQ(writer.run([](Store&) { return 7; }), 7);
    ASSERT_TRUE(set("a", "1"));
    EXPECT_EQ(writer.reader().setting("a").value(), "1");
}

TEST_F(StoreWriter, OneThreadRunsTheChangesOfAll)
{
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                writer.run([&](Store&) {
                    most = std::max(most.load(), ++inside);
                    --inside;
                });
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(most, 1);
}

TEST_F(StoreWriter, ReadsWhileAChangeIsUnderWay)
{
    ASSERT_TRUE(set("a", "1"));
    writer.run([&](Store&) { EXPECT_EQ(writer.reader().setting("a").value(), "1"); });
}

TEST(StoreWriterDeath, AChangeInsideAChangeIsRefused)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const test::TempDir folder;
    const auto store = open_sqlite_store((folder.path() / "watchpost.sqlite").string()).value();
    EXPECT_DEATH(
        {
            Writer writer{*store};
            writer.run([&](Store&) { writer.run([](Store&) {}); });
        },
        "");
}

} // namespace
} // namespace watchpost::store
