// What a page of many alerts may cost, counted and not timed: pages of the file that SQLite looks
// at, steps of its virtual machine, memory it takes. A list that is put together at a request, or
// walked where no page lies, goes beyond each of these by a multiple.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/sqlite/alert_query.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::store::sqlite {
namespace {

constexpr int alerts = 40'000; // as many as `fill` makes

/// Alert n is created at second n; 1 of 4 is new, 1 of 4 in process, the others are processed.
constexpr std::string_view fill = R"sql(
    BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40000)
        SELECT n, (SELECT id FROM tenants) AS tenant, (SELECT id FROM nodes) AS node, n * 7919 % 20000 AS who FROM n;
    INSERT INTO messages SELECT printf('%026d', n), tenant, node, '', n, n, 1, '', '', 1, 0, 0, 3, 0 FROM n;
    INSERT INTO alerts SELECT n, printf('%026d', n), tenant, node, printf('%026d', n), '', n % 4, n % 3 + 1, 0,
        n * 1000000, n, n, '', 'Sender ' || who || ' <sender' || who || '@example.net>',
        '["user' || (who % 5000) || '@example.org"]', iif(n % 8, 'Payment overdue ', 'Notification ') || n, 'yara',
        'rule_' || (n % 300), 's' || min(n % 4, 2) || ' i' || (n % 3 + 1) || ' p0 anone eyara', NULL,
        '[]', '', '' FROM n;
    UPDATE alerts SET state = min(state, 2);
    INSERT INTO alert_words (alert_words) VALUES ('rebuild');
    COMMIT;
)sql";

struct Cost {
    std::int64_t pages = 0;
    std::int64_t steps = 0;
    std::int64_t memory = 0;
    AlertPage page;
};

constexpr AlertOrder orders[] = {AlertOrder::created_desc, AlertOrder::created_asc,
                                 AlertOrder::importance_desc};

class StorePlan : public testing::Test {
protected:
    // One store for all tests: nothing changes it.
    static void SetUpTestSuite()
    {
        folder = new test::TempDir;
        store = std::move(open_sqlite_store(path()).value());
        const auto writer = std::move(Connection::open(path(), Access::read_write).value());
        const auto filled = writer->execute(std::string{fill});
        ASSERT_TRUE(filled.has_value()) << filled.error().describe();
    }
    static void TearDownTestSuite()
    {
        store.reset();
        delete folder;
    }
    static std::string path() { return (*folder / "store.db").string(); }

    /// The cost of the page alone: the connection has prepared the statements before.
    static Cost cost_of(const AlertQuery& query)
    {
        const auto connection = std::move(Connection::open(path(), Access::read_only).value());
        const Scope scope{store->default_tenant()};
        EXPECT_TRUE(read_alerts(*connection, scope, query).has_value());
        const auto before = connection->effort();
        const auto used = sqlite3_memory_used();
        sqlite3_memory_highwater(1);
        auto page = read_alerts(*connection, scope, query).value();
        const auto after = connection->effort();
        return Cost{after.pages - before.pages, after.steps - before.steps,
                    sqlite3_memory_highwater(0) - used, std::move(page)};
    }
    /// The total is counted up to 1,000 alerts, each of which is looked up.
    static void expect_cheap(const AlertQuery& query)
    {
        for (const auto order : orders) {
            AlertQuery one = query;
            one.order = order;
            const auto cost = cost_of(one);
            EXPECT_LE(cost.pages, 5'000) << static_cast<int>(order);
            EXPECT_LE(cost.steps, 30'000) << static_cast<int>(order);
            EXPECT_LE(cost.memory, 256 * 1024) << static_cast<int>(order);
        }
    }

    static test::TempDir* folder;
    static std::unique_ptr<Store> store;
};

test::TempDir* StorePlan::folder = nullptr;
std::unique_ptr<Store> StorePlan::store;

base::Instant second(std::int64_t seconds)
{
    return base::Instant{std::chrono::seconds{seconds}};
}

TEST_F(StorePlan, ABeginningThatManyWordsShareIsNotPutTogether)
{
    for (const char* words : {"s", "se", "sender", "sender1", "e", "us", "example", "notificat",
                              "rechnung ü", "payment overdue sender77 example"}) {
        SCOPED_TRACE(words);
        AlertQuery query;
        query.any_words = words;
        expect_cheap(query);
    }
    AlertQuery query;
    query.sender_words = "sender";
    EXPECT_TRUE(cost_of(query).page.total_is_capped);
    expect_cheap(query);
    query.states = {AlertState::fresh, AlertState::in_process};
    expect_cheap(query);
}

TEST_F(StorePlan, FiltersWithoutWordsWalkOneList)
{
    AlertQuery query;
    expect_cheap(query);
    query.states = {AlertState::processed};
    expect_cheap(query);
    query.importances = {verdict::Importance::low};
    expect_cheap(query);
    query.engines = {"no such engine"};
    EXPECT_EQ(cost_of(query).page.total, 0U);
    expect_cheap(query);
}

/// Next to nothing: the list is entered at the time, and there are few alerts in it.
void expect_few(const Cost& cost, std::uint64_t total)
{
    EXPECT_EQ(cost.page.total, total);
    EXPECT_LE(cost.pages, 1'000);
    EXPECT_LE(cost.steps, 2'000);
    EXPECT_LE(cost.memory, 256 * 1024);
}

TEST_F(StorePlan, WordsAreNotWalkedOutsideTheTimes)
{
    for (const auto order : orders) {
        SCOPED_TRACE(static_cast<int>(order));
        AlertQuery query;
        query.any_words = "sender";
        query.order = order;
        query.created_from = second(alerts + 1);
        expect_few(cost_of(query), 0);
        query.created_from = second(alerts - 10);
        expect_few(cost_of(query), 11);
        query.created_from.reset();
        query.created_to = second(1);
        expect_few(cost_of(query), 0);
        query.created_to = second(11);
        expect_few(cost_of(query), 10);
        query.created_from = second(alerts / 2);
        query.created_to = second(alerts / 2 + 10);
        expect_few(cost_of(query), 10);
        query.states = {AlertState::fresh, AlertState::in_process};
        expect_few(cost_of(query), 6);
        query.any_words.clear();
        expect_few(cost_of(query), 6);
    }
}

TEST_F(StorePlan, APageFarDownCostsWhatTheFirstCosts)
{
    AlertQuery query;
    query.any_words = "sender";
    for (int page = 0; page < 100; ++page) {
        query.cursor = cost_of(query).page.next_cursor;
        ASSERT_FALSE(query.cursor.empty());
    }
    const auto cost = cost_of(query);
    EXPECT_EQ(cost.page.items.size(), 50U);
    EXPECT_LE(cost.pages, 1'000);
    EXPECT_LE(cost.steps, 30'000);
}

} // namespace
} // namespace watchpost::store::sqlite
